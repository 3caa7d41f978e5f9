import pc from 'picocolors';
import type { SlotFlags } from '../launch/choose-slots.ts';
import { claimSlots, type ClaimedSlots } from '../launch/claim-slots.ts';
import { withInterrupts } from './interrupts.ts';

/**
 * Claims slots for so many runs of a sweep; where all are taken it says so and waits.
 * @returns `undefined` if the user does not want to wait any longer.
 * @throws {ExpError} EXP_USAGE where the machine has no room for what the flags ask for.
 */
export function takeSlots(
  flags: SlotFlags & { readonly quiet?: boolean },
  runs: number,
  sweep: string,
): Promise<ClaimedSlots | undefined> {
  const onWait = (taken: string): void => {
    if (flags.quiet === true) return;
    process.stderr.write(`${pc.yellow('waiting')}  ${taken}; --affinity none does not wait\n`);
  };
  return withInterrupts((signal) => claimSlots({ flags, runs, sweep }, { signal, onWait }));
}
