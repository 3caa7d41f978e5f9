import { jsonLine } from '../core/json.ts';
import type { Origin } from '../core/run-spec.ts';
import { valueAt } from './container.ts';
import { originText } from './origin.ts';
import { pathText, type Path } from './path.ts';
import type { SchemaIssue } from './schema.ts';

/** The key that an issue is about; empty for the config as a whole. */
export function issuePath({ path = [] }: SchemaIssue): Path {
  return path.map((part) => String(typeof part === 'object' ? part.key : part));
}

/** True for an issue with a key that has no value. */
export function isMissing(issue: SchemaIssue, input: unknown): boolean {
  return valueAt(input, issuePath(issue)) === undefined;
}

/** An issue on one line: key, what the schema says, the value, and where that comes from. */
export function issueText(issue: SchemaIssue, input: unknown, origin?: Origin): string {
  const path = issuePath(issue);
  const name = path.length === 0 ? 'Config' : `Config "${pathText(path)}"`;
  const value = valueAt(input, path);
  const got = value === undefined ? '' : `, got ${jsonLine(value)}`;
  const from = origin === undefined || path.length === 0 ? '' : ` (${originText(origin)})`;
  return `${name}: ${issue.message}${got}${from}`;
}
