import { isPlainObject, jsonText, type Json } from '../core/json.ts';
import type { Manifest } from '../core/manifest.ts';
import { redactJson } from '../core/redact.ts';

/** What the tag of a run says, as JSON. */
export interface TagRecord {
  readonly format: 1;
  readonly run: string;
  readonly experiment: string;
  readonly name?: string;
  /** The config, without what looks like a secret. */
  readonly parameters: Json;
  /** The commit that holds the code as it was. */
  readonly commit: string;
  /** HEAD as the user saw it; absent before the first commit. */
  readonly parent?: string;
  readonly host?: string;
  readonly status: string;
  /** Times are ISO 8601, UTC. */
  readonly started?: string;
  readonly ended?: string;
  /** Seconds of work. */
  readonly duration?: number;
  readonly results?: Json;
  /** Files that had changed since the snapshot when the run started, where its sweep went on later. */
  readonly codeChanged?: readonly string[];
}

/** The record of a run whose code is in a snapshot; `undefined` for others. */
export function tagRecord(manifest: Manifest, config: Json): TagRecord | undefined {
  const { git, name, startedAt, endedAt, elapsed, result, attempts } = manifest;
  if (git?.snapshot === undefined) return undefined;
  const codeChanged = manifest.sweep?.codeChanged;
  const host = attempts.at(-1)?.process.host;
  return {
    format: 1,
    run: manifest.id,
    experiment: manifest.experiment,
    ...(name !== undefined && { name }),
    parameters: redactJson(config),
    commit: git.snapshot,
    ...(git.commit !== undefined && { parent: git.commit }),
    ...(host !== undefined && { host }),
    status: manifest.status,
    ...(startedAt !== undefined && { started: startedAt }),
    ...(endedAt !== undefined && { ended: endedAt }),
    ...(elapsed !== undefined && { duration: elapsed }),
    ...(result !== undefined && { results: redactJson(result) }),
    ...(codeChanged !== undefined && { codeChanged }),
  };
}

/** The record as the message of a tag. */
export function tagMessage(record: TagRecord): string {
  return jsonText(record);
}

/** Reads the message of a tag; `undefined` for what is none of ours, or damaged. */
export function parseTagMessage(message: string): TagRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return undefined;
  }
  if (!isPlainObject(value)) return undefined;
  const texts = ['run', 'experiment', 'commit', 'status'].map((key) => value[key]);
  const optional = ['name', 'parent', 'host', 'started', 'ended'].map((key) => value[key]);
  const isWhole =
    texts.every((text) => typeof text === 'string') &&
    optional.every((text) => text === undefined || typeof text === 'string') &&
    ['undefined', 'number'].includes(typeof value['duration']);
  return isWhole ? (value as unknown as TagRecord) : undefined;
}
