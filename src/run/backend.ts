import type { Backend } from '../core/manifest.ts';
import { processState } from '../core/process-state.ts';
import { openRunsNow } from './open-runs.ts';

const noted = processState('backend', (): { backend?: Backend } => ({}));

/**
 * Names what computes in this process, a native engine say, with the versions of its libraries: all
 * runs of the process, those that are open and those to come, keep it in their manifests.
 */
export function noteBackend(name: string, versions: Readonly<Record<string, string>> = {}): void {
  noted.backend = { name, versions };
  for (const run of openRunsNow()) run.noteBackend(noted.backend);
}

/** What {@link noteBackend} was told last. */
export function notedBackend(): Backend | undefined {
  return noted.backend;
}
