import { ExpError } from '../core/errors.ts';
import type { Slot } from '../core/launcher.ts';
import { CorePool } from './core-pool.ts';
import type { Gpu } from '../provenance/gpus.ts';
import type { Machine } from './machine.ts';
import type { Needs } from './needs.ts';
import { ascending, workerCpus } from './worker-cpus.ts';

/** How a machine is shared out. */
export interface SlotPlan {
  readonly slots: readonly Slot[];
  /** What a person should know: what is left idle, and why. */
  readonly notes: readonly string[];
}

/**
 * Shares a machine out by what runs need. Slots get whole cores, siblings together, that no other
 * slot has; those of one socket where a run fits on one, and near its GPU where there is room. GPUs
 * are filled before any of them is shared. Pure: the same machine and needs give the same plan.
 * @throws ExpError (`EXP_USAGE`) where not a single run fits, or fewer than `slots`.
 */
export function planForNeeds(machine: Machine, needs: Needs): SlotPlan {
  const pool = new CorePool(machine, needs);
  const groups = gpuGroups(machine.gpus, needs);
  const { slots: asked = 1 } = needs;
  const share = needs.share ?? Math.max(1, Math.ceil(asked / groups.length));
  const rooms: Room[] = [];
  if (groups.length > 0) rooms.push({ slots: groups.length * share, of: 'GPUs' });
  const isEven = groups.length > 0 || needs.slots !== undefined;
  const wanted = needs.cores ?? (isEven ? undefined : 1);
  if (wanted !== undefined && pool.size > 0) {
    rooms.push({ slots: pool.capacity(wanted), of: 'cores' });
  }
  const count = needs.slots ?? defaultCount(machine, rooms, wanted ?? 1);
  const narrow = rooms.find(({ slots }) => slots < Math.max(1, count));
  if (narrow !== undefined) throw noRoom(narrow, count, pool, needs);

  const cores = wanted ?? pool.evenShare(count);
  const slots = Array.from({ length: count }, (_, index): Slot => {
    const gpus = groups.length === 0 ? [] : groups[index % groups.length]!;
    const near = gpus.flatMap(({ nearCpus }) => nearCpus);
    const taken = pool.take(cores, near).map(({ allowed }) => allowed);
    return {
      index,
      cpus: ascending(taken.flat()),
      ...(taken.length > 0 && { cores: taken.length, workerCpus: workerCpus(taken, needs.code) }),
      ...(machine.gpus !== undefined && { gpus: gpus.map(({ id }) => id) }),
      ...(needs.code !== undefined && { code: `${index}slt_${needs.code}` }),
    };
  });
  const isShared = groups.length > 0 && needs.share === undefined && share > 1;
  const sharing = isShared ? [`${share} runs share each GPU: there are more slots than GPUs.`] : [];
  return { slots, notes: [...sharing, ...notesOn(machine, pool, slots, cores)] };
}

/** How many slots some kind of device has room for. */
interface Room {
  readonly slots: number;
  readonly of: 'cores' | 'GPUs';
}

/** The GPUs that runs get together; none where runs need none. */
function gpuGroups(gpus: readonly Gpu[] = [], needs: Needs): Gpu[][] {
  const perRun = needs.gpus ?? Math.min(1, gpus.length);
  if (perRun === 0) return [];
  if (perRun > gpus.length) {
    const message = `A run needs ${perRun} GPUs, and there are ${gpus.length} to share out. Lower gpus.`;
    throw new ExpError('EXP_USAGE', message);
  }
  return Array.from({ length: Math.floor(gpus.length / perRun) }, (_, i) =>
    gpus.slice(i * perRun, (i + 1) * perRun),
  );
}

function defaultCount(machine: Machine, rooms: readonly Room[], cores: number): number {
  const most = rooms.length === 0 ? machine.parallelism : Math.min(...rooms.map((it) => it.slots));
  if (machine.quota === undefined) return most;
  return Math.min(most, Math.max(1, Math.floor(machine.quota / cores)));
}

function noRoom({ slots, of }: Room, count: number, pool: CorePool, needs: Needs): ExpError {
  const { cores, gpus = 1, share = 1 } = needs;
  const each = of === 'cores' ? `${cores} cores each` : `${gpus} GPUs each and ${share} per GPU`;
  const runs = count <= 1 ? 'a run' : `${count} runs`;
  const there = of === 'cores' ? ` of ${pool.size} cores` : '';
  const message = `There is no room for ${runs} with ${each}: room for ${slots}${there}. Lower ${of === 'cores' ? 'cores or slots' : 'slots, or raise share'}.`;
  return new ExpError('EXP_USAGE', message);
}

function notesOn(
  { quota }: Machine,
  pool: CorePool,
  slots: readonly Slot[],
  cores: number,
): string[] {
  if (pool.size === 0) return ['This platform does not tell its cores: runs are not pinned.'];
  if (cores === 0) {
    return [`There are fewer whole cores (${pool.size}) than slots: runs are not pinned.`];
  }
  const used = slots.length * cores;
  const notes: string[] = [];
  if (quota !== undefined && quota < used) {
    notes.push(`Control groups allow ${quota} CPUs of time: ${used} cores will be slowed down.`);
  }
  // One more slot would have had room, but no time.
  const isSlowed = quota !== undefined && quota < used + cores && pool.left >= cores;
  const why = isSlowed ? `: control groups allow ${quota} CPUs of time` : '';
  if (pool.left > 0) notes.push(`${pool.left} of ${pool.size} cores stay idle${why}.`);
  return notes;
}
