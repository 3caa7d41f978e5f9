import { messageOf } from '../core/errors.ts';
import { warnOnce } from '../logging/text.ts';
import type { Run } from './run.ts';

/** How long the end of a run waits for files that are still copied or hashed. */
const LIMIT_MS = 30_000;

/** Waits for the files of a run that are under way, and says which of them were not done in time. */
export async function settleFiles(run: Run, limitMs: number = LIMIT_MS): Promise<void> {
  try {
    const late = await run.files.settle(limitMs);
    if (late.length === 0) return;
    warnOnce(`The run ends before these files are recorded with their hashes: ${late.join(', ')}.`);
  } catch (error) {
    warnOnce(`Files of the run are not recorded: ${messageOf(error)}.`);
  }
}

/** The same for a process that is about to end: waits for nothing. */
export function endFilesNow(run: Run): void {
  try {
    run.files.endNow();
  } catch (error) {
    warnOnce(`Files of the run are not recorded: ${messageOf(error)}.`);
  }
}
