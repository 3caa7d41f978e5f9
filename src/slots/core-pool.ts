import { ExpError } from '../core/errors.ts';
import type { Needs } from './needs.ts';
import type { Core, Topology } from '../provenance/topology.ts';

/** The cores of one socket that no slot has yet. */
interface FreeSocket {
  readonly socket: number;
  readonly free: Core[];
}

/** The cores that may be shared out, by socket; they are taken away one slot after the other. */
export class CorePool {
  /** How many cores there were to begin with. */
  readonly size: number;
  readonly #sockets: readonly FreeSocket[];
  readonly #socketOf: ReadonlyMap<number, number>;
  readonly #largest: number;

  /** @throws ExpError (`EXP_USAGE`) for more sockets than there are, and where all is reserved. */
  constructor({ cores }: Topology, { sockets, reserve = 0 }: Needs) {
    const usable = cores.filter(({ allowed }) => allowed.length > 0);
    const found = [...new Set(usable.map(({ socket }) => socket))];
    if (sockets !== undefined && usable.length > 0 && sockets > found.length) {
      const message = `There are not ${sockets} sockets to use, but ${found.length}. Lower sockets.`;
      throw new ExpError('EXP_USAGE', message);
    }
    const kept = new Set(found.slice(0, sockets));
    const onKept = usable.filter(({ socket }) => kept.has(socket));
    if (reserve > 0 && onKept.length > 0 && reserve >= onKept.length) {
      const message = `${reserve} reserved cores leave none of ${onKept.length} to runs. Lower reserve.`;
      throw new ExpError('EXP_USAGE', message);
    }
    // The first cores are those that systems themselves like to use.
    const shared = onKept.slice(reserve);
    this.size = shared.length;
    this.#sockets = [...kept].map((socket) => ({
      socket,
      free: shared.filter((core) => core.socket === socket),
    }));
    this.#largest = Math.max(0, ...this.#sockets.map(({ free }) => free.length));
    this.#socketOf = new Map(cores.flatMap(({ socket, cpus }) => cpus.map((cpu) => [cpu, socket])));
  }

  /** How many cores no slot has. */
  get left(): number {
    return this.#sockets.reduce((sum, { free }) => sum + free.length, 0);
  }

  /** How many slots of so many cores there is room for: on one socket each, if any has so many. */
  capacity(cores: number): number {
    if (cores > this.#largest) return Math.floor(this.left / cores);
    return this.#sockets.reduce((sum, { free }) => sum + Math.floor(free.length / cores), 0);
  }

  /** The most cores that each of so many slots can have; 0 where there are fewer cores than slots. */
  evenShare(slots: number): number {
    let cores = Math.floor(this.size / slots);
    while (cores > 0 && this.capacity(cores) < slots) cores--;
    return cores;
  }

  /**
   * Takes cores for a slot: of the socket of `nearCpus` where it has room and they lie on one, and
   * otherwise of the first that has.
   */
  take(cores: number, nearCpus: readonly number[]): Core[] {
    const near = new Set(nearCpus.map((cpu) => this.#socketOf.get(cpu)));
    const isNear = ({ socket }: FreeSocket): boolean => near.size === 1 && near.has(socket);
    const nearFirst = [...this.#sockets].sort((a, b) => Number(isNear(b)) - Number(isNear(a)));
    const whole = nearFirst.find(({ free }) => free.length >= cores);
    // A run that fits on no socket spans as few as it can.
    const order = whole === undefined ? byRoom(nearFirst, isNear) : [whole];
    const taken: Core[] = [];
    for (const { free } of order) taken.push(...free.splice(0, cores - taken.length));
    return taken;
  }
}

function byRoom(
  sockets: readonly FreeSocket[],
  isNear: (socket: FreeSocket) => boolean,
): FreeSocket[] {
  return [...sockets].sort(
    (a, b) => Number(isNear(b)) - Number(isNear(a)) || b.free.length - a.free.length,
  );
}
