import { isDeepStrictEqual } from 'node:util';
import { resumePointAt } from '../checkpoint/resume-point.ts';
import { leaves } from '../config/assignment.ts';
import { pathText } from '../config/path.ts';
import { toJson, type Json } from '../core/json.ts';
import { ExpError } from '../core/errors.ts';
import type { ForkedFrom } from '../core/forked-from.ts';
import type { Manifest } from '../core/manifest.ts';
import type { ResumePoint } from '../core/resume-point.ts';
import type { EarlierConfig, RunSpec } from '../core/run-spec.ts';
import { checkpointAt } from '../history/loaded-run.ts';
import { warnOnce } from '../logging/text.ts';
import { ownCheckpoint } from '../store/fork-files.ts';
import type { StoredRun } from '../store/stored-run.ts';
import type { ForkOptions } from '../run/run-options.ts';
import { earlierConfig } from './earlier-config.ts';

/** A fork that was looked up: plain values, for the process that plans the run. */
export interface ForkRequest {
  readonly run: string;
  readonly point: ResumePoint;
  readonly curves: boolean;
  /** The other run's config. */
  readonly config: Json;
}

/**
 * Looks up the checkpoint that a fork is to start from. The run may be alive.
 * @throws {ExpError} EXP_CHECKPOINT where there is none; it lists the steps that have one.
 */
export async function forkRequest(
  run: StoredRun,
  { at, curves = true }: ForkOptions,
): Promise<ForkRequest> {
  const { id } = run.manifest;
  const info = checkpointAt({ id, dir: run.dir }, at, warnOnce);
  const config = toJson(run.readConfig().config);
  return { run: id, point: await resumePointAt(info), curves, config };
}

/** The config that a fork starts from: that of the other run, but for the keys it keeps its own. */
export function forkedConfig(run: StoredRun, { keep = [] }: ForkOptions): EarlierConfig {
  const { seed, ...earlier } = earlierConfig(run);
  return { ...earlier, ...(keep.includes('seed') ? {} : { seed }), keep };
}

/** @throws {ExpError} EXP_USAGE for a fork that is to start over: it has not begun at its start. */
export function refuseStartOver({ id, forkedFrom }: Manifest): void {
  if (forkedFrom === undefined) return;
  const again = `npx run-exp fork ${forkedFrom.run.slice(-6)} --at ${forkedFrom.step}`;
  throw new ExpError(
    'EXP_USAGE',
    `The run ${id} is a fork, which has not begun at its start. To begin it anew: ${again}`,
  );
}

/** What a planned run is beside others if it is a fork. */
export function forkSpec(
  { run, point, curves, config: before }: ForkRequest,
  dir: string,
  config: Json,
): Pick<RunSpec, 'forkedFrom' | 'resume'> {
  const { step, checkpoint } = point;
  const forkedFrom: ForkedFrom = {
    run,
    step,
    checkpoint: checkpoint!,
    curves,
    changes: changesBetween(before, config),
  };
  const own = { ...point, checkpoint: ownCheckpoint(dir, forkedFrom) };
  const apart = { ...own, row: -1, kept: {}, elapsed: 0, isApart: true } as const;
  return { forkedFrom, resume: curves ? own : apart };
}

/** Every key whose value differs, but for the seed. */
function changesBetween(before: Json, now: Json): ForkedFrom['changes'] {
  const [old, present] = [before, now].map(
    (config) => new Map(leaves(config).map(({ path, value }) => [pathText(path), value as Json])),
  ) as [Map<string, Json>, Map<string, Json>];
  const keys = [...new Set([...old.keys(), ...present.keys()])].filter(
    (key) => key !== 'seed' && !isDeepStrictEqual(old.get(key), present.get(key)),
  );
  return Object.fromEntries(
    keys.map((key) => [
      key,
      {
        ...(old.has(key) && { from: old.get(key)! }),
        ...(present.has(key) && { to: present.get(key)! }),
      },
    ]),
  );
}
