import { messageOf } from '../core/errors.ts';
import { openRunsNow, type OpenRun } from './open-runs.ts';

/** Tells the run in which another one starts, if it is open in this process. */
export function noteInParent({ id, parent }: OpenRun): void {
  for (const open of openRunsNow()) {
    if (open.id === parent) open.noteChild(id);
  }
}

/** Ends what was started inside of a run and is still open: nobody would wait for it any more. */
export function endChildren(id: string, reason: string): void {
  for (const open of openRunsNow()) {
    if (open.parent !== id) continue;
    try {
      open.endNow({ status: 'interrupted', reason });
    } catch (error) {
      // A child whose directory is gone must not keep its parent from its end.
      process.stderr.write(`exptools: the end of a run is not recorded: ${messageOf(error)}\n`);
    }
  }
}
