import { leaves, type Assignment } from '../config/assignment.ts';
import type { JsonSchema } from '../config/json-schema.ts';
import { configKeys } from '../config/keys.ts';
import { isWithin, keyPath, pathText, type Path } from '../config/path.ts';
import { ExpError, suggest } from '../core/errors.ts';
import { isPlainObject } from '../core/json.ts';
import type { EarlierConfig } from '../core/run-spec.ts';

/**
 * The assignments of an earlier run's config without the keys that the present code decides.
 * @throws {ExpError} EXP_USAGE for a key that neither of them has.
 */
export function withoutKept(
  assignments: readonly Assignment[],
  { config, keep = [] }: EarlierConfig,
  schema: JsonSchema,
): Assignment[] {
  const paths = keep.map((key) => keyPath(key));
  const known = [
    ...configKeys(schema).map(({ path }) => path),
    ...leaves(config).map(({ path }) => pathText(path)),
    'seed',
  ];
  for (const [i, path] of paths.entries()) {
    if (known.some((key) => isWithin(keyPath(key), path) || isWithin(path, keyPath(key)))) continue;
    const hint = suggest(keep[i]!, [...new Set(known)]);
    throw new ExpError(
      'EXP_USAGE',
      `"${keep[i]}" is no key of the config, and cannot be kept. ${hint}`,
    );
  }
  return assignments
    .filter(({ path }) => !paths.some((kept) => isWithin(path, kept)))
    .map((assignment) => ({
      ...assignment,
      value: without(assignment.value, assignment.path, paths),
    }));
}

function without(value: unknown, at: Path, paths: readonly Path[]): unknown {
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !paths.some((path) => isWithin([...at, key], path)))
      .map(([key, inner]) => [key, without(inner, [...at, key], paths)]),
  );
}
