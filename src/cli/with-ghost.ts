import pc from 'picocolors';
import type { SweepRequest } from '../experiment/requests.ts';
import { createGhostRoot, isGhostEnvironment } from '../store/ghost-root.ts';
import type { RunFlags } from './run-flags.ts';
import type { Asked } from './run-request.ts';

/** Does what was asked, in a run root that is removed at the end where nothing is to be kept. */
export async function withGhost(
  asked: Asked<SweepRequest>,
  flags: RunFlags,
  execute: (asked: Asked<SweepRequest>) => Promise<number>,
): Promise<number> {
  const keepsNothing = flags.ghost === true || isGhostEnvironment();
  if (!keepsNothing || flags.dryRun === true) return execute(asked);
  const ghost = createGhostRoot();
  // For a second Ctrl-C, which ends this process at once.
  process.once('exit', ghost.remove);
  if (flags.quiet !== true) {
    process.stderr.write(
      `${pc.magenta('ghost')}  nothing is kept; run.dir is removed at the end\n`,
    );
  }
  const request = { ...asked.request, root: ghost.dir, ghost: true };
  return execute({ ...asked, request }).finally(ghost.remove);
}
