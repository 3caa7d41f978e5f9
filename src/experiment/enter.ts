import { relative } from 'node:path';
import { newestCheckpoint } from '../checkpoint/list.ts';
import { configChanges } from '../config/changes.ts';
import { ExpError } from '../core/errors.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { warnOnce } from '../logging/text.ts';
import { isGhostEnvironment } from '../store/ghost-root.ts';
import type { StoredRun } from '../store/stored-run.ts';
import { earlierConfig } from './earlier-config.ts';
import type { RunRequest } from './requests.ts';

/** What is planned for one more command in a run that is over: its config, seed and sinks. */
export function enterRequest(
  run: StoredRun,
  command: string | undefined,
): Pick<RunRequest, 'command' | 'from' | 'sinks'> {
  const { id, sinks, file } = run.manifest;
  if (isGhostEnvironment()) {
    throw new ExpError(
      'EXP_USAGE',
      `EXP_GHOST keeps nothing, and a command that enters the run ${id} writes into it. Unset it.`,
    );
  }
  if (command === undefined || command === run.manifest.command) {
    const code = file === undefined ? 'main.ts' : relative('', file);
    throw new ExpError(
      'EXP_USAGE',
      `Name the command that is to enter the run ${id}: npx run-exp ${code} COMMAND --in ${id.slice(-6)}. ` +
        'To go on with what the run did, use npx run-exp resume or fork.',
    );
  }
  return { command, from: earlierConfig(run), sinks };
}

/**
 * The planned run in the place of the one it enters.
 * @throws {ExpError} EXP_USAGE where the code would give it another config by now.
 */
export function enteredSpec(planned: RunSpec, run: StoredRun): RunSpec {
  const { manifest, dir } = run;
  const { id, seed, sweep } = manifest;
  const changes = configChanges(run.readConfig().config, planned.config);
  if (changes.length > 0) {
    const lines = changes.map((line) => `  ${line}\n`);
    throw new ExpError(
      'EXP_USAGE',
      `The code would give the run ${id} another config by now:\n${lines.join('')}` +
        'Undo that, or start a run of its own with --from.',
    );
  }
  const newest = newestCheckpoint(dir, { warn: warnOnce });
  const { step: row, elapsed: worked = 0 } = run.readLastMetrics();
  // A run that was killed has it in its rows alone.
  const elapsed = manifest.elapsed ?? Number(worked);
  const { from: _, name: __, comment: ___, ...rest } = planned;
  return {
    ...rest,
    id,
    dir,
    seed,
    ...(sweep !== undefined && { sweep }),
    entered: true,
    resume: {
      ...(newest !== undefined && { checkpoint: newest.file }),
      step: newest?.step ?? -1,
      row: typeof row === 'number' ? row : -1,
      kept: 'all',
      elapsed,
      isApart: true,
    },
  };
}
