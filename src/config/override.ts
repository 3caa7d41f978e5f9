import { resolve } from 'node:path';
import { ExpError } from '../core/errors.ts';
import { isPlainObject } from '../core/json.ts';
import type { Origin } from '../core/run-spec.ts';
import { unquote } from '../core/split.ts';
import { assignmentsOf, type Assignment, type Operation } from './assignment.ts';
import { readValueFile } from './value-file.ts';
import { parseValue } from './parse-value.ts';
import { parsePath, pathText, type Path } from './path.ts';
import type { JsonSchema } from './json-schema.ts';
import { schemaAt } from './unknown-key.ts';

/** An override as it stands on the command line, split at its first `=`. */
export interface OverrideText {
  readonly operation: Operation;
  readonly path: Path;
  /** The right side; empty for `~key`. */
  readonly value: string;
  readonly text: string;
}

const OVERRIDE = /^\s*([~+]?)((?:[^=[]|\[(?:"[^"]*"|'[^']*'|[^\]]*)\])*?)\s*(?:(:?)=(.*))?$/s;

/**
 * Splits `train.lr=0.1`, and `+key=value`, `key:=value`, `~key`.
 * @throws {ExpError} EXP_USAGE if it is none of them.
 */
export function splitOverride(text: string): OverrideText {
  const [, sign, name = '', colon, value] = OVERRIDE.exec(text) ?? [];
  const path = parsePath(name.trim());
  const isUnset = sign === '~';
  if (path === undefined || isUnset !== (value === undefined) || (sign === '+' && colon === ':')) {
    const hint = isUnset ? 'Write ~key alone, as in ~lr.' : 'Write key=value, as in lr=0.1.';
    throw new ExpError('EXP_USAGE', `"${text}" is no override. ${hint}`);
  }
  const operation = isUnset ? 'unset' : sign === '+' ? 'add' : colon === ':' ? 'replace' : 'change';
  return { operation, path, value: (value ?? '').trim(), text };
}

/** True for a word on the command line that is meant as an override. */
export function looksLikeOverride(word: string): boolean {
  return word.includes('=') || word.startsWith('~');
}

/**
 * The assignments an override makes, its value read by the schema's type; a value `@file` is read
 * from that file, and `@@text` is text with one `@`.
 * @throws {ExpError} EXP_CONFIG for an unknown key or a value that is none, EXP_FILE for a file that
 *   cannot be read.
 */
export function parseOverride(
  override: OverrideText,
  schema: JsonSchema,
  origin: Origin = { layer: 'override', text: override.text },
): Assignment[] {
  const { operation, path, value: text } = override;
  const known = schemaAt(schema, path);
  if (operation === 'unset') return [{ operation, path, value: undefined, origin }];
  const isFile = text.startsWith('@') && !text.startsWith('@@');
  if (!isFile) {
    const literal = text.startsWith('@@') ? text.slice(1) : text;
    return spread({ operation, path, value: parseValue(pathText(path), literal, known), origin });
  }
  const file = resolve(unquote(text.slice(1)));
  const { value, placeOf } = readValueFile(file, known);
  const place = (inner: Path): Origin => ({ ...origin, file, ...placeOf(inner) });
  return spread({ operation, path, value, origin: place([]) }, place);
}

/** An object is merged: beside the section itself, it makes one assignment for each value in it. */
function spread(
  assignment: Assignment,
  originOf: (path: Path) => Origin = () => assignment.origin,
): Assignment[] {
  const { operation, path, value } = assignment;
  if (operation === 'replace' || !isPlainObject(value)) return [assignment];
  const inner = assignmentsOf({ values: value, originOf }, {}).map((one): Assignment => ({
    ...one,
    path: [...path, ...one.path],
  }));
  return [{ ...assignment, value: {} }, ...inner];
}
