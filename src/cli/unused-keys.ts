import { leaves } from '../config/assignment.ts';
import { parsePath, pathText } from '../config/path.ts';
import { jsonText } from '../core/json.ts';
import type { Manifest } from '../core/manifest.ts';
import type { StoredRun } from '../store/stored-run.ts';
import { table, valueText } from './format.ts';

type Reads = NonNullable<Manifest['reads']>;

/** True if a key was read: itself, one inside of it, or the whole that it is a part of. */
export function wasRead(reads: Reads, key: string): boolean {
  const asked = dotted(key);
  return Object.keys(reads)
    .map(dotted)
    .some((read) => `${read}.`.startsWith(`${asked}.`) || `${asked}.`.startsWith(`${read}.`));
}

/** `layers[0].width` and `["gpt-4.1"]` as they are recorded: `layers.0.width`, `gpt-4.1`. */
function dotted(key: string): string {
  return parsePath(key)?.join('.') ?? key;
}

/** The config keys of a run that nothing read, for people. */
export function unusedText(run: StoredRun): string {
  const unused = unusedKeys(run);
  if (unused === undefined) return `${unknownReason(run)}\n`;
  if (unused.length === 0) return 'Every config key of this run was read.\n';
  const rows = unused.map(({ key, value }) => [key, valueText(value)]);
  return `${table(['never read', 'value'], rows)}\n`;
}

/** The same as JSON; `null` where it is not known. */
export function unusedJson(run: StoredRun): string {
  const unused = unusedKeys(run);
  const reason = unused === undefined ? { reason: unknownReason(run) } : {};
  return jsonText({ unused: unused?.map(({ key }) => key) ?? null, ...reason });
}

function unusedKeys(run: StoredRun): { key: string; value: unknown }[] | undefined {
  const { reads } = run.manifest;
  if (reads === undefined) return undefined;
  return leaves(run.readConfig().config)
    .filter(({ path }) => path.length > 0)
    .map(({ path, value }) => ({ key: pathText(path), value }))
    .filter(({ key }) => key !== 'seed' && !wasRead(reads, key));
}

function unknownReason({ status }: StoredRun): string {
  return status === 'running' || status === 'queued'
    ? 'The run is not over: which keys it reads is recorded at its end.'
    : 'Which keys the run has read is not recorded: it did not get to its end, or is of an older version.';
}
