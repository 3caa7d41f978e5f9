import { pathText, type Path } from '../config/path.ts';
import { isPlainObject, type Json } from '../core/json.ts';
import type { EarlierConfig, Origin } from '../core/run-spec.ts';
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
