import { copyFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ExpError, isExpError, messageOf } from '../core/errors.ts';
import { jsonText } from '../core/json.ts';
import { attemptDir, RUN_FILES } from '../core/layout.ts';
import type { Manifest } from '../core/manifest.ts';
import { redactWord, redactWords } from '../core/redact.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { writeAtomically } from '../files/atomic-write.ts';
import { createExclusiveDir, ensureDir } from '../files/create-dir.ts';
import { readManifest, writeManifest } from './manifest-file.ts';
import { placeSources } from './source-store.ts';
import { takeAlong } from './fork-files.ts';
import { identify } from './process-identity.ts';

/**
 * Creates the directory of a run that is about to start: config, variant, sources
 * and a `queued` manifest. It comes into being whole or not at all.
 * @throws {ExpError} EXP_FILE
 */
export function createRunDir(spec: RunSpec): Manifest {
  createExclusiveDir(spec.dir);
  try {
    writeFileSync(join(spec.dir, RUN_FILES.config), configText(spec));
    if (spec.sweep !== undefined) {
      writeFileSync(join(spec.dir, RUN_FILES.variant), jsonText(spec.sweep.variant));
    }
    const sources = spec.sources && placeSources(spec.dir, spec.sources);
    if (spec.forkedFrom !== undefined) takeAlong(spec);
    const manifest = { ...queuedManifest(spec), ...(sources !== undefined && { sources }) };
    writeManifest(spec.dir, manifest);
    return manifest;
  } catch (error) {
    rmSync(spec.dir, { recursive: true, force: true });
    if (isExpError(error)) throw error;
    throw new ExpError('EXP_FILE', `Cannot write into "${spec.dir}": ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

/** What was written on the command line may hold a secret; its value is in the config. */
function withoutSecrets(origins: RunSpec['origins']): RunSpec['origins'] {
  return Object.fromEntries(
    Object.entries(origins).map(([key, origin]) => [
      key,
      origin.text === undefined ? origin : { ...origin, text: redactWord(origin.text) },
    ]),
  );
}

/** Gives a run that goes on another config; the one before moves to the attempt that had it. */
export function replaceConfig(spec: RunSpec, attempt: number): void {
  const path = join(spec.dir, RUN_FILES.config);
  const aside = join(attemptDir(spec.dir, attempt), RUN_FILES.config);
  ensureDir(dirname(aside));
  if (!existsSync(aside)) copyFileSync(path, aside);
  writeAtomically(path, configText(spec));
}

function configText({ config, untransformed, origins }: RunSpec): string {
  return jsonText({
    config,
    ...(untransformed !== undefined && { untransformed }),
    origins: withoutSecrets(origins),
  });
}

/** The manifest of a run whose launcher has created the directory already, or a new directory's. */
export function claimRunDir(spec: RunSpec): Manifest {
  if (!existsSync(join(spec.dir, RUN_FILES.manifest))) return createRunDir(spec);
  const manifest = readManifest(spec.dir);
  return manifest.id === spec.id && manifest.status === 'queued' ? manifest : createRunDir(spec);
}

function queuedManifest(spec: RunSpec): Manifest {
  const { file, name, comment, parent, from, with: chosen } = spec;
  const { forkedFrom, sweep, objective, git, stepMetric, code, checkpoint, grace } = spec;
  return {
    format: 1,
    id: spec.id,
    experiment: spec.experiment,
    status: 'queued',
    command: spec.command,
    ...(file !== undefined && { file }),
    overrides: redactWords(spec.overrides),
    seed: spec.seed,
    configHash: spec.configHash,
    ...(name !== undefined && { name }),
    ...(comment !== undefined && { comment }),
    ...(parent !== undefined && { parent }),
    ...(from !== undefined && { from }),
    ...(chosen !== undefined && { with: chosen }),
    ...(forkedFrom !== undefined && { forkedFrom }),
    ...(sweep !== undefined && { sweep }),
    ...(objective !== undefined && { objective }),
    ...(git !== undefined && { git }),
    ...(code !== undefined && { code }),
    createdAt: new Date().toISOString(),
    launcher: identify(),
    sinks: spec.sinks,
    ...(stepMetric !== undefined && { stepMetric }),
    ...(checkpoint !== undefined && { checkpoint }),
    ...(grace !== undefined && { grace }),
    attempts: [],
  };
}
