import { toJson, type Json, type JsonObject } from '../core/json.ts';
import type { AffinityRecord, Attempt, Manifest } from '../core/manifest.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { VERSION } from '../core/version.ts';
import type { Degraded } from '../logging/channel.ts';
import { describeHost } from '../provenance/host.ts';
import { endedManifest } from '../store/end-attempt.ts';
import { identify } from '../store/process-identity.ts';
import { notedBackend } from './backend.ts';
import type { Ending } from './ending.ts';
import { objectiveValue } from './objective-value.ts';
import type { Run } from './run.ts';
import { withBackend } from './with-backend.ts';

/** The manifest of a queued run that this process starts to work on. */
export function startedManifest(
  queued: Manifest,
  startedAt: Date,
  {
    command,
    resume,
    changes,
    entered,
  }: Pick<RunSpec, 'resume' | 'changes' | 'entered'> & { readonly command?: string } = {},
  affinity?: AffinityRecord,
): Manifest {
  const started = startedAt.toISOString();
  const attempt: Attempt = {
    ...(entered === true && command !== undefined && { command }),
    process: identify(),
    startedAt: started,
    ...(resume?.checkpoint !== undefined && { resumedFrom: resume.step }),
    ...(changes !== undefined && { changes }),
    status: 'running',
  };
  const attempts = [...queued.attempts, attempt];
  if (entered === true) return { ...queued, status: 'running', attempts };
  return {
    ...queued,
    status: 'running',
    // That of the first attempt, in a run that goes on.
    startedAt: queued.startedAt ?? started,
    host: describeHost(),
    ...withBackend({ exptools: VERSION, node: process.versions.node }, notedBackend()),
    ...(affinity !== undefined && { affinity }),
    attempts,
  };
}

/** The manifest of a run that ends in this process. */
export function finishedManifest(
  manifest: Manifest,
  ending: Ending,
  run: Run,
  { objective, entered, resume }: Pick<RunSpec, 'objective' | 'entered' | 'resume'>,
  lost: readonly Degraded[],
): Manifest {
  const ended = endedManifest(manifest, ending);
  const degraded = [...(resume === undefined ? [] : (manifest.degraded ?? [])), ...lost];
  return {
    ...ended,
    elapsed: Math.round(run.rows.elapsed * 1000) / 1000,
    ...(degraded.length > 0 && { degraded }),
    ...(entered === true ? added(ended, run) : outcome(run, objective)),
  };
}

/** What one more command has added to a run: its result stays with its attempt. */
function added(manifest: Manifest, run: Run): Partial<Manifest> {
  return {
    ...(run.rows.step >= 0 && { step: run.rows.step }),
    summary: { ...manifest.summary, ...(toJson(run.summary) as JsonObject) },
    ...(run.result !== undefined && withResult(manifest, { entered: true }, toJson(run.result))),
  };
}

/** Where the result of the command stands that a run executes: with the run, or with its attempt. */
export function withResult(
  { attempts }: Manifest,
  { entered }: Pick<RunSpec, 'entered'>,
  result: Json,
): Pick<Manifest, 'result'> | Pick<Manifest, 'attempts'> {
  if (entered !== true) return { result };
  return { attempts: [...attempts.slice(0, -1), { ...attempts.at(-1)!, result }] };
}

/** What came out of a run, for its manifest. */
function outcome(run: Run, objective: Manifest['objective']): Partial<Manifest> {
  const { reads } = run; // before the result is written, which may hold the config
  return {
    ...(run.rows.step >= 0 && { step: run.rows.step }),
    summary: toJson(run.summary) as JsonObject,
    ...(run.result !== undefined && { result: toJson(run.result) }),
    ...(objective !== undefined && {
      objective: { ...objective, ...objectiveValue(objective, run) },
    }),
    reads,
  };
}
