import { messageOf } from '../core/errors.ts';
import type { LaunchOptions, Outcome, Slot } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { inSlot, type Command } from './pinning.ts';
import { Session, type SessionOptions } from './session.ts';
import { settledOutcome } from './settle.ts';

/** What is executed, by which command, where. */
interface ProcessRun {
  readonly spec: RunSpec;
  readonly slot: Slot;
  readonly command: Command;
}

/**
 * Executes a run whose directory is there in a process of its own, and sees it to its end. Where no
 * process can be started, the run is over. Never rejects.
 */
export async function runProcess(
  { spec, slot, command }: ProcessRun,
  options: LaunchOptions & SessionOptions,
): Promise<Outcome> {
  let session: Session;
  try {
    session = await Session.open(inSlot(command, slot), options);
  } catch (error) {
    return settledOutcome(
      spec,
      options.signal.aborted
        ? { status: 'interrupted', reason: 'stopped' }
        : { status: 'failed', reason: messageOf(error) },
    );
  }
  return session.execute(spec, slot, options);
}
