import { resolve } from 'node:path';
import { resumePoint } from '../checkpoint/resume-point.ts';
import { configChanges } from '../config/changes.ts';
import { ExpError } from '../core/errors.ts';
import { loadProject } from '../project/load-project.ts';
import { warnOnce } from '../logging/text.ts';
import type { Run, Runnable } from '../run/run.ts';
import { findRun } from '../store/find-runs.ts';
import { LauncherLock } from '../store/launcher-lock.ts';
import { replaceConfig } from '../store/run-dir.ts';
import { prepareRunDir } from '../store/start-over.ts';
import { earlierConfig } from './earlier-config.ts';
import { execute } from './execute.ts';
import { refuseStartOver } from './fork.ts';
import { planRun } from './plan.ts';
import { definitionOf, directoryOfDefinition } from './registry.ts';
import { withProject } from './with-project.ts';

/** How a run is resumed by code. */
export interface ResumeOptions {
  /** Where runs are kept; the run root of the project that defines the experiment unless given. */
  readonly root?: string;
  /** The step of the checkpoint to go on from; the newest one unless given. */
  readonly step?: number;
  /** True to leave the checkpoints aside. */
  readonly startOver?: boolean;
  /** True to go on though the config would be another one by now. */
  readonly allowChanges?: boolean;
}

/**
 * Goes on with a run of an experiment in this process, from its newest checkpoint or, without one,
 * from its start, with the config that it has.
 * @param name its id, a unique part of it, its path, or `last`.
 * @throws {ExpError} EXP_USAGE for a run that has completed, is alive, is of another experiment or
 *   whose config the schema takes otherwise by now, EXP_CHECKPOINT for a step without a checkpoint;
 *   otherwise whatever main throws, after it is recorded.
 */
export async function resumeRun<Config = Record<string, unknown>>(
  target: Runnable<Config>,
  name: string,
  { root, step, startOver = false, allowChanges = false }: ResumeOptions = {},
): Promise<Run<Config>> {
  const defined = definitionOf(target);
  const project = await loadProject(directoryOfDefinition(defined));
  const definition = withProject(defined, project);
  const base = root === undefined ? project.root : resolve(root);
  const stored = findRun(base, name);
  const { manifest, dir } = stored;
  if (manifest.experiment !== definition.name) {
    throw new ExpError(
      'EXP_USAGE',
      `The run ${manifest.id} is one of "${manifest.experiment}", not of "${definition.name}".`,
    );
  }
  if (startOver) refuseStartOver(manifest);
  const { id, command, seed, sinks, checkpoint, grace, from } = manifest;
  const request = {
    root: base,
    command,
    seed,
    sinks,
    from: earlierConfig(stored),
    ...(checkpoint && { checkpoint }),
    ...(grace !== undefined && { grace }),
  };
  const planned = await planRun(definition, request);
  const changes = configChanges(stored.readConfig().config, planned.config);
  if (changes.length > 0 && !allowChanges) {
    throw new ExpError(
      'EXP_USAGE',
      `The config of the run ${id} would be another one by now:\n${changes.map((line) => `  ${line}\n`).join('')}` +
        'Undo that, or go on with it all the same: { allowChanges: true }.',
    );
  }
  const lock = new LauncherLock(dir, 'run');
  try {
    const wish = { ...(step !== undefined && { step }), warn: warnOnce };
    const resume = startOver ? undefined : await resumePoint(dir, wish);
    const { from: _, ...again } = planned;
    const spec = {
      ...again,
      ...(from !== undefined && { from }),
      id,
      dir,
      ...(resume !== undefined && { resume }),
      ...(changes.length > 0 && { changes }),
    };
    prepareRunDir(spec);
    if (changes.length > 0) replaceConfig(spec, manifest.attempts.length);
    const { run, thrown } = await execute(definition, spec);
    if (thrown !== undefined && run.status !== 'completed') throw thrown.error;
    return run as Run<Config>;
  } finally {
    lock.release();
  }
}
