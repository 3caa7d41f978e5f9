import { distance } from 'fastest-levenshtein';
import { ExpError, nearest as nearestOf, suggest } from '../core/errors.ts';
import { configKeys } from './keys.ts';
import { parsePath, pathText, type Path } from './path.ts';
import {
  alternatives,
  childSchema,
  followKey,
  propertiesOf,
  type JsonSchema,
} from './json-schema.ts';

/**
 * The schema of a key at any depth; `'open'` where the schema says nothing of it.
 * @throws {ExpError} EXP_CONFIG for an unknown key, with the nearest known one.
 */
export function schemaAt(schema: JsonSchema, path: Path): JsonSchema | 'open' {
  const found = followKey(schema, path);
  if (found === undefined) throw new ExpError('EXP_CONFIG', unknownKeyText(schema, path));
  return found;
}

/** Says that there is no such key, and which one may have been meant. */
export function unknownKeyText(schema: JsonSchema, path: Path): string {
  const name = pathText(path);
  const keys = configKeys(schema).map((key) => key.path);
  if (keys.length === 0) return `Config key "${name}" is unknown: no config is declared.`;
  const meant = misspelt(schema, path) ?? elsewhere(keys, path);
  const hint = meant === undefined ? neighbours(schema, path, keys) : `Did you mean "${meant}"?`;
  return `Config key "${name}" is unknown. ${hint}`;
}

/** The key of the same last name that is nearest. */
function elsewhere(keys: readonly string[], path: Path): string | undefined {
  const name = pathText(path);
  const leaf = path.at(-1)!;
  const [nearest] = keys
    .filter((key) => parsePath(key)?.at(-1) === leaf)
    .sort((a, b) => distance(name, a) - distance(name, b));
  return nearest;
}

/** Names what there is where the path leaves what is known. */
function neighbours(schema: JsonSchema, path: Path, keys: readonly string[]): string {
  const known = path.findIndex((_, i) => followKey(schema, path.slice(0, i + 1)) === undefined);
  const section = known > 0 ? followKey(schema, path.slice(0, known)) : undefined;
  if (typeof section !== 'object') return suggest(pathText(path), keys);
  const items = alternatives(section).flatMap((one) => one.prefixItems ?? []);
  if (items.length > 0) return `There are ${items.length} items.`;
  const names = [...propertiesOf(section).keys()];
  return names.length > 0 ? suggest(path[known]!, names) : suggest(pathText(path), keys);
}

/** The path with its first unknown name corrected, where one of its neighbours is near. */
function misspelt(schema: JsonSchema, path: Path): string | undefined {
  let at: JsonSchema = schema;
  for (const [i, key] of path.entries()) {
    const child = childSchema(at, key);
    if (child === 'open') return undefined;
    if (child !== undefined) {
      at = child;
      continue;
    }
    const names = [...propertiesOf(at).keys()];
    const near = nearestOf(key, names) ?? names.find((name) => isBeginning(key, name));
    if (near === undefined) return undefined;
    const corrected = [...path.slice(0, i), near];
    const whole = [...corrected, ...path.slice(i + 1)];
    return pathText(followKey(schema, whole) === undefined ? corrected : whole);
  }
  return undefined;
}

/** True for a name cut short: `drop` of `dropout`. */
function isBeginning(text: string, name: string): boolean {
  return text.length >= 3 && name.toLowerCase().startsWith(text.toLowerCase());
}
