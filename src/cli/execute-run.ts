import type { Launcher, Slot } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { runAll } from '../launch/run-all.ts';
import { tryReadManifest } from '../store/manifest-file.ts';
import { launched } from './detach.ts';
import { statusText } from './format.ts';
import { lossTexts } from './loss-text.ts';
import { rootFlag } from './project.ts';
import type { RunFlags } from './run-flags.ts';
import { policyOf, retryText } from './run-policy.ts';
import { summary } from './run-summary.ts';

/** Around a single run. */
interface Single {
  readonly root: string;
  readonly flags: RunFlags;
  readonly signal: AbortSignal;
}

/**
 * Executes a single run, again if need be, and says what came of it. It has the machine to itself and is
 * not pinned. Returns the exit code.
 */
export async function executeRun(
  spec: RunSpec,
  launcher: Launcher,
  { root, flags, signal }: Single,
): Promise<number> {
  const { quiet = false } = flags;
  const slot: Slot = { index: 0, cpus: [] };
  const executing = runAll([spec], [slot], launcher, policyOf(flags, signal), {
    onEnd: ({ status, reason }, _slot, retry) => {
      if (retry === undefined || quiet) return;
      const why = reason === undefined ? '' : `: ${reason}`;
      process.stderr.write(`${statusText(status)}${why}; ${retryText(retry)}\n`);
    },
  });
  launched(spec.dir);
  const [outcome] = await executing;
  if (outcome === undefined) return 130;
  const { status } = outcome;
  if (!quiet || status !== 'completed')
    process.stderr.write(summary(outcome, await rootFlag(root), quiet));
  else for (const text of lossTexts(tryReadManifest(spec.dir))) process.stderr.write(`${text}\n`);
  if (status === 'completed') return 0;
  return signal.aborted || status === 'interrupted' ? 130 : 1;
}
