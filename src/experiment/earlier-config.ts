import { followKey } from '../config/assignment.ts';
import { pathText, type Path } from '../config/path.ts';
import { typesOf, type JsonSchema } from '../config/schema.ts';
import { isPlainObject, type Json } from '../core/json.ts';
import type { EarlierConfig, Origin } from '../core/run-spec.ts';
import { numberFor } from '../core/special-number.ts';
import type { StoredRun } from '../store/stored-run.ts';

/**
 * The config of a run for another one to start from. What was derived from other values is left out:
 * it is derived again, so that it follows what the new run changes.
 */
export function earlierConfig(run: StoredRun): EarlierConfig {
  const { id, experiment, seed } = run.manifest;
  const { config, untransformed, origins } = run.readConfig();
  const kept = withoutDerived(untransformed ?? config, [], origins);
  const { seed: _, ...values } = isPlainObject(kept) ? kept : {};
  return { id, experiment, seed, config: values as Json };
}

/** Nested values without those that were derived from others. */
export function withoutDerived(
  value: unknown,
  path: Path,
  origins: Readonly<Record<string, Origin>>,
): unknown {
  if (!isPlainObject(value)) return value;
  const kept = Object.entries(value)
    .map(([key, inner]) => ({ key, inner, at: [...path, key] }))
    .filter(({ at }) => origins[pathText(at)]?.layer !== 'derived')
    .map(({ key, inner, at }) => [key, withoutDerived(inner, at, origins)]);
  return Object.fromEntries(kept);
}

/** Turns the words JSON files have for NaN and infinities back into numbers, where a number is asked for. */
export function restoreNumbers(value: unknown, schema: JsonSchema | 'open' | undefined): unknown {
  if (Array.isArray(value)) {
    return value.map((item, i) => restoreNumbers(item, followKey(schema, [String(i)])));
  }
  if (isPlainObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        restoreNumbers(inner, followKey(schema, [key])),
      ]),
    );
  }
  const number = typeof value === 'string' ? numberFor(value) : undefined;
  if (number === undefined || schema === undefined || schema === 'open') return value;
  const types = typesOf(schema);
  return types.includes('number') && !types.includes('string') ? number : value;
}
