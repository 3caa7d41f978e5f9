import { watch } from 'node:fs';
import { messageOf } from '../core/errors.ts';
import type { Slot } from '../core/launcher.ts';
import { identify } from '../store/process-identity.ts';
import { withClaimLock } from './claim-lock.ts';
import { claimsDir, readClaims, removeClaim, writeClaim, type NamedClaim } from './claims.ts';
import { askedNeeds, slotChooser, type SlotFlags } from './choose-slots.ts';
import { planFree, takenText } from './free-plan.ts';
import { readMachine, type Machine } from './machine.ts';
import type { Needs } from './needs.ts';
import type { SlotPlan } from './planner.ts';

/** Slots that no other launcher of this machine has, until they are released. */
export interface ClaimedSlots extends SlotPlan {
  release(): void;
}

/** Who asks for slots, and for how many runs. */
export interface SlotRequest {
  readonly flags: SlotFlags;
  readonly runs: number;
  /** The id of the sweep. */
  readonly sweep: string;
}

const CHECK_MS = 2_000;

/**
 * Shares out what other launchers have left of this machine, and claims it, so that the next one
 * knows. With less than asked for, it takes what is free. Where nothing is free it waits until some
 * launcher ends, telling `onWait` whom it waits for. Runs that are not pinned claim no cores.
 * @returns `undefined` if `signal` is aborted while it waits.
 * @throws ExpError (`EXP_USAGE`) where the whole machine has no room for what the flags ask for.
 */
export async function claimSlots(
  { flags, runs, sweep }: SlotRequest,
  { signal, onWait }: { readonly signal: AbortSignal; readonly onWait: (text: string) => void },
): Promise<ClaimedSlots | undefined> {
  const needs = askedNeeds(flags);
  if (needs === undefined) return { ...slotChooser(flags)(runs), release: () => {} };
  const dir = claimsDir();
  const machine = readMachine();
  let said: string | undefined;
  let changes: Changes | undefined;
  try {
    while (!signal.aborted) {
      const result = await withClaimLock(dir, () => tryClaim(dir, machine, { needs, runs, sweep }));
      if (typeof result === 'object') return result;
      if (result !== said) onWait(result);
      said = result;
      // What happens between a look and the next wait must not be missed: look again first.
      if (changes === undefined) changes = new Changes(dir, signal);
      else await changes.next();
    }
    return undefined;
  } finally {
    changes?.close();
  }
}

/** The claims that count for this process: not those of the sweep whose run it is itself a part of. */
export function othersClaims(dir: string = claimsDir()): NamedClaim[] {
  const around = (process.env[WITHIN] ?? '').split(',');
  return readClaims(dir).filter(({ name }) => !around.includes(name));
}

/** Names the claims that a process works under, from the outermost to the innermost. */
const WITHIN = 'EXP_WITHIN_CLAIMS';

/** Claims what is free, or says whom to wait for. */
function tryClaim(
  dir: string,
  machine: Machine,
  { needs, runs, sweep }: { readonly needs: Needs; readonly runs: number; readonly sweep: string },
): ClaimedSlots | string {
  const others = othersClaims(dir);
  const plan = planFree(runs, machine, needs, others);
  if (plan === undefined) return takenText(machine, others).join('; ');
  const { slots, notes } = plan;
  const cpus = slots.flatMap((slot) => slot.cpus);
  const gpus = uuidsOf(machine, slots);
  if (cpus.length + gpus.length === 0) return { ...plan, release: () => {} };
  try {
    const name = writeClaim(dir, { process: identify(), sweep, cpus, gpus });
    const within = [process.env[WITHIN] ?? '', name].filter((one) => one !== '').join(',');
    const release = (): void => {
      process.off('exit', release);
      removeClaim(dir, name);
    };
    process.on('exit', release);
    return {
      slots: slots.map((slot) => ({ ...slot, env: { [WITHIN]: within } })),
      notes,
      release,
    };
  } catch (error) {
    const why = `"${dir}" cannot be written to: ${messageOf(error)}`;
    const note = `Other sweeps may use the same cores: ${why}. EXP_CLAIMS names another folder.`;
    return { slots, notes: [...notes, note], release: () => {} };
  }
}

function uuidsOf({ gpus = [] }: Machine, slots: readonly Slot[]): string[] {
  const ids = new Set(slots.flatMap((slot) => slot.gpus ?? []));
  return gpus.filter(({ id }) => ids.has(id)).map(({ id, uuid = id }) => uuid);
}

/** Waits for something to change in a folder, or for the time to look whether holders still live. */
class Changes {
  readonly #watcher: ReturnType<typeof watch> | undefined;
  readonly #signal: AbortSignal;
  readonly #onChange = (): void => {
    this.#isChanged = true;
    this.#wake();
  };
  #isChanged = false;
  #wake: () => void = () => {};

  constructor(dir: string, signal: AbortSignal) {
    this.#signal = signal;
    try {
      this.#watcher = watch(dir, this.#onChange).on('error', () => {});
    } catch {
      // no more watches to be had: the clock wakes us
      this.#watcher = undefined;
    }
    signal.addEventListener('abort', this.#onChange);
  }

  async next(): Promise<void> {
    if (!this.#isChanged && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, CHECK_MS);
        this.#wake = (): void => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#isChanged = false;
  }

  close(): void {
    this.#watcher?.close();
    this.#signal.removeEventListener('abort', this.#onChange);
  }
}
