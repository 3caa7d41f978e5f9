import { distance } from 'fastest-levenshtein';
import { ExpError, nearest as nearestOf, suggest } from '../core/errors.ts';
import { configKeys } from './keys.ts';
import { pathText, type Path } from './path.ts';
import { childSchema, followKey, propertiesOf, type JsonSchema } from './json-schema.ts';

/**
 * The schema of a key at any depth; `'open'` where the schema says nothing of it.
 * @throws {ExpError} EXP_CONFIG for an unknown key, with the nearest known one.
 */
export function schemaAt(schema: JsonSchema, path: Path): JsonSchema | 'open' {
  let at: JsonSchema | 'open' = schema;
  for (const key of path) {
    if (at === 'open') return 'open';
    const child = childSchema(at, key);
    if (child === undefined) throw new ExpError('EXP_CONFIG', unknownKeyText(schema, path));
    at = child;
  }
  return at;
}

/** Says that there is no such key, and which one may have been meant. */
export function unknownKeyText(schema: JsonSchema, path: Path): string {
  const name = pathText(path);
  const keys = configKeys(schema).map((key) => key.path);
  if (keys.length === 0) return `Config key "${name}" is unknown: no config is declared.`;
  const leaf = path.at(-1)!;
  const sameLeaf = keys.filter((key) => key === leaf || key.endsWith(`.${leaf}`));
  const [nearest] = sameLeaf.sort((a, b) => distance(name, a) - distance(name, b));
  const meant = misspelt(schema, path) ?? nearest;
  const hint = meant === undefined ? suggest(name, keys) : `Did you mean "${meant}"?`;
  return `Config key "${name}" is unknown. ${hint}`;
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
    const near = nearestOf(key, [...propertiesOf(at).keys()]);
    if (near === undefined) return undefined;
    const corrected = [...path.slice(0, i), near];
    const whole = [...corrected, ...path.slice(i + 1)];
    return pathText(followKey(schema, whole) === undefined ? corrected : whole);
  }
  return undefined;
}
