import pc from 'picocolors';
import type { ClaimedSlots } from '../slots/claim-slots.ts';
import type { SlotSource } from '../sweeper/runner.ts';
import { sayBelow, withInterrupts } from './interrupts.ts';

/** Who wants slots. */
interface Wish {
  readonly runs: number;
  /** The id of the sweep. */
  readonly sweep: string;
  readonly quiet: boolean;
  /** Told that it waits: nothing is wrong with what is asked for. */
  readonly onWait?: () => void;
}

/**
 * Claims slots for so many runs of a sweep; where all are taken it says so and waits.
 * @returns `undefined` if the user does not want to wait any longer.
 * @throws {ExpError} EXP_USAGE where the machine has no room for what the flags ask for.
 */
export function takeSlots(
  source: SlotSource,
  { runs, sweep, quiet, onWait: tell }: Wish,
): Promise<ClaimedSlots | undefined> {
  const onWait = (taken: string): void => {
    tell?.();
    if (quiet) return;
    process.stderr.write(`${pc.yellow('waiting')}  ${taken}; --affinity none does not wait\n`);
  };
  return withInterrupts(
    (signal) => source.claim(runs, sweep, { signal, onWait }),
    () => sayBelow(pc.yellow('Stopped waiting: no run was started.\n')),
  );
}
