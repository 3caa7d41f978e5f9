import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExpError, messageOf } from '../core/errors.ts';
import { jsonText } from '../core/json.ts';
import { RUN_FILES } from '../core/layout.ts';
import type { Manifest } from '../core/manifest.ts';
import { writeAtomically } from '../files/atomic-write.ts';

/** Replaces `run.json` of a run. One writer: the run's process, or its launcher after it. */
export function writeManifest(dir: string, manifest: Manifest): void {
  writeAtomically(join(dir, RUN_FILES.manifest), jsonText(manifest));
}

/** As {@link readManifest}; `undefined` for a run that somebody has removed or damaged. */
export function tryReadManifest(dir: string): Manifest | undefined {
  try {
    return readManifest(dir);
  } catch {
    return undefined;
  }
}

/**
 * Reads `run.json` of a run.
 * @throws {ExpError} EXP_FILE if there is none, or it is damaged.
 */
export function readManifest(dir: string): Manifest {
  const path = join(dir, RUN_FILES.manifest);
  let manifest: Partial<Manifest>;
  try {
    manifest = JSON.parse(readFileSync(path, 'utf8')) as Partial<Manifest>;
  } catch (error) {
    throw new ExpError('EXP_FILE', `Cannot read "${path}": ${messageOf(error)}.`, { cause: error });
  }
  if (manifest.format !== 1) {
    throw new ExpError(
      'EXP_FILE',
      `"${path}" has format ${manifest.format}; this version of exptools reads format 1.`,
    );
  }
  return manifest as Manifest;
}
