import { relative } from 'node:path';
import type { JsonSchema } from '../config/json-schema.ts';
import { keyPath } from '../config/path.ts';
import { isStructured, readValueFile } from '../config/value-file.ts';
import { ExpError, isExpError, suggest } from '../core/errors.ts';
import { isPlainObject, jsonLine } from '../core/json.ts';
import { readAxis, sweptSchema } from './read-axis.ts';
import { readSweep, type Sweep } from './read-sweep.ts';

/** What an axes file says. */
export interface AxesFile extends Sweep {
  readonly repeats?: number;
  readonly samples?: number;
}

const KEYS = ['axes', 'levels', 'exclude', 'repeats', 'samples'];

/**
 * Reads a sweep from a YAML or JSON file: `axes`, `levels` of keys that vary together, `exclude`,
 * `repeats` and `samples`. Plain words are read by the types of their keys.
 * @param seed the root seed of the sweep, which decides the order of `shuffle`.
 * @throws {ExpError} EXP_FILE if it cannot be read; EXP_SWEEP or EXP_CONFIG, with the file's name, if
 *   it holds no sweep of this config.
 */
export function readAxesFile(file: string, described: JsonSchema, seed = 0): AxesFile {
  const shown = relative('', file);
  if (!isStructured(file)) {
    throw new ExpError('EXP_SWEEP', `"${shown}" is no YAML or JSON file, by its ending.`);
  }
  const open = readValueFile(file, 'open').value;
  try {
    const known = sweepSchema(checkKeys(open), described);
    const { axes, levels, exclude, repeats, samples } = checkKeys(readValueFile(file, known).value);
    const written = { axes, levels, exclude };
    const sweep = readSweep(written, (key, text) => readAxis(key, text, described, seed));
    if (sweep.swept.length === 0) {
      throw new ExpError('EXP_SWEEP', 'There are no axes. Write axes: { key: [value, value] }.');
    }
    return { ...sweep, ...count('repeats', repeats), ...count('samples', samples) };
  } catch (error) {
    if (!isExpError(error)) throw error;
    throw new ExpError(error.code, `${shown}: ${error.message}`, { cause: error });
  }
}

function checkKeys(value: unknown): Readonly<Record<string, unknown>> {
  if (!isPlainObject(value)) {
    throw new ExpError(
      'EXP_SWEEP',
      `A sweep has the keys ${KEYS.join(', ')}; the file holds ${jsonLine(value)}.`,
    );
  }
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key));
  if (unknown === undefined) return value;
  throw new ExpError('EXP_SWEEP', `Unknown key "${unknown}". ${suggest(unknown, KEYS)}`);
}

function count(name: string, value: unknown): Record<string, number> {
  if (value === undefined) return {};
  if (Number.isSafeInteger(value) && (value as number) >= 1) return { [name]: value as number };
  throw new ExpError(
    'EXP_SWEEP',
    `${name} must be a whole number of at least 1, got ${jsonLine(value)}.`,
  );
}

/** The schema of the file, as far as it sweeps over keys. @throws {ExpError} EXP_CONFIG for unknown ones. */
function sweepSchema(
  { axes, levels, exclude }: Readonly<Record<string, unknown>>,
  described: JsonSchema,
): JsonSchema {
  const valuesOf = (key: string): JsonSchema => {
    const schema = sweptSchema(key, described);
    return schema === 'open' ? {} : schema;
  };
  const listsOf = (key: string): JsonSchema => ({ type: 'array', items: valuesOf(key) });
  const itemsOf = (list: unknown, of: (key: string) => JsonSchema): JsonSchema => ({
    type: 'array',
    items: nested((Array.isArray(list) ? list : []).flatMap(keysIn), of),
  });
  return {
    type: 'object',
    properties: {
      axes: nested(keysIn(axes), listsOf),
      levels: itemsOf(levels, listsOf),
      exclude: itemsOf(exclude, valuesOf),
    },
  };
}

function keysIn(value: unknown): string[] {
  return isPlainObject(value) ? Object.keys(value) : [];
}

/** A section whose keys, which may be paths, have these schemas. */
function nested(keys: readonly string[], schemaOf: (key: string) => JsonSchema): JsonSchema {
  const byPath = keys.map((key) => [keyPath(key), schemaOf(key)] as const);
  const below = (depth: number, within: typeof byPath): JsonSchema => {
    const own = within.find(([path]) => path.length === depth)?.[1];
    const deeper = within.filter(([path]) => path.length > depth);
    const names = [...new Set(deeper.map(([path]) => path[depth]!))];
    const properties = names.map((name) => [
      name,
      below(
        depth + 1,
        deeper.filter(([path]) => path[depth] === name),
      ),
    ]);
    if (names.length === 0) return own ?? { type: 'object' };
    return {
      type: 'object',
      ...own,
      properties: Object.fromEntries(properties) as Record<string, JsonSchema>,
    };
  };
  return below(0, byPath);
}
