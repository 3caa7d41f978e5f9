import { dirname, relative, resolve } from 'node:path';
import { ExpError } from '../core/errors.ts';
import { isPlainObject, jsonLine } from '../core/json.ts';
import type { Values } from './assignment.ts';
import type { JsonSchema } from './json-schema.ts';
import { namedBy } from './read-text.ts';
import { readValueFile } from './value-file.ts';

/**
 * Reads a config file and those it extends: `extends: base.yaml`, or a list of files, relative to the
 * file. The values of the files extended come first.
 * @throws {ExpError} EXP_FILE if a file cannot be read, EXP_CONFIG if it holds no config, or files
 *   extend each other in a circle.
 */
export function readConfigFile(
  file: string,
  schema: JsonSchema,
  extending: readonly string[] = [],
): Values[] {
  const chain = [...extending, file];
  const shown = relative('', file);
  if (extending.includes(file)) {
    const names = chain.map((one) => relative('', one)).join(' → ');
    throw new ExpError('EXP_CONFIG', `Config files extend each other in a circle: ${names}.`);
  }
  const { value, placeOf } = readValueFile(file, schema);
  if (value !== null && !isPlainObject(value)) {
    throw new ExpError(
      'EXP_CONFIG',
      `"${shown}" is no config: it must hold keys and values, got ${jsonLine(value)}.`,
    );
  }
  const { extends: bases, ...values } = value ?? {};
  const own: Values = {
    values,
    originOf: (path) => ({ layer: 'file', file, ...placeOf(path) }),
  };
  return [
    ...namesIn(bases, shown).flatMap((base) =>
      namedBy(shown, () => readConfigFile(resolve(dirname(file), base), schema, chain)),
    ),
    own,
  ];
}

/** What `extends` names. @throws {ExpError} EXP_CONFIG for anything but names. */
export function namesIn(value: unknown, where: string): string[] {
  if (value === undefined) return [];
  const names: unknown[] = Array.isArray(value) ? value : [value];
  if (names.every((name): name is string => typeof name === 'string')) return names;
  throw new ExpError(
    'EXP_CONFIG',
    `"extends" in ${where} must be a name or a list of names, got ${jsonLine(value)}.`,
  );
}
