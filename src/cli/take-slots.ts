import pc from 'picocolors';
import type { SlotFlags } from '../launch/choose-slots.ts';
import { claimSlots, type ClaimedSlots } from '../launch/claim-slots.ts';
import { withInterrupts } from './interrupts.ts';

/**
 * Claims slots for so many runs of a sweep; where all are taken it says so and waits.
 * @param begun told that it waits: nothing is wrong with what is asked for.
 * @returns `undefined` if the user does not want to wait any longer.
 * @throws {ExpError} EXP_USAGE where the machine has no room for what the flags ask for.
 */
export function takeSlots(
  flags: SlotFlags & { readonly quiet?: boolean },
  runs: number,
  sweep: string,
  begun?: () => void,
): Promise<ClaimedSlots | undefined> {
  const onWait = (taken: string): void => {
    begun?.();
    if (flags.quiet === true) return;
    process.stderr.write(`${pc.yellow('waiting')}  ${taken}; --affinity none does not wait\n`);
  };
  return withInterrupts((signal) => claimSlots({ flags, runs, sweep }, { signal, onWait }));
}
