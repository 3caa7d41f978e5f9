import pc from 'picocolors';
import type { RunSpec } from '../core/run-spec.ts';
import type { RunRequest } from '../experiment/requests.ts';
import { backUpSources } from '../run/back-up-sources.ts';
import { skipExisting } from '../sweeper/skip-existing.ts';
import type { RunFlags } from './run-flags.ts';
import type { Asked } from './run-request.ts';

/**
 * A planned run as it is to be executed, with a backup of the sources where the project wants one.
 * @returns `undefined`, and says so, where it need not run: an equal one has completed before.
 */
export function prepareRun(
  planned: RunSpec,
  { request, project, earlier }: Asked<RunRequest>,
  { quiet = false, skipExisting: isSkipping = false }: RunFlags,
): RunSpec | undefined {
  const [existing] = isSkipping ? skipExisting(earlier, [planned]).existing : [];
  if (existing !== undefined) {
    const text = `${pc.dim('skipped')}  this config completed before: ${existing}\n`;
    if (!quiet) process.stderr.write(text);
    return undefined;
  }
  const sources = request.ghost === true ? undefined : backUpSources(project, request.root);
  return { ...planned, ...(sources !== undefined && { sources }) };
}
