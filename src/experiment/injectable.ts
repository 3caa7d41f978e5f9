import { brandOf } from '../core/brand.ts';
import { isPlainObject } from '../core/json.ts';
import { logger } from '../logging/logger.ts';
import { Rng } from '../random/rng.ts';
import type { Scope } from '../scope/scope.ts';

/** What a captured function may ask for by name, apart from the keys of the config. */
const SPECIAL: Readonly<Record<string, (scope: Scope) => unknown>> = {
  run: (scope) => scope.run,
  config: (scope) => scope.run.config,
  logger: () => logger,
  rng: (scope) => new Rng(scope.nextSeed()),
  seed: (scope) => scope.nextSeed(),
  runId: (scope) => scope.run.id,
  runDir: (scope) => scope.run.dir,
  signal: (scope) => scope.run.signal,
};

/** Names a config key cannot have, since captured parameters of that name mean something else. */
export const RESERVED_NAMES: readonly string[] = Object.keys(SPECIAL).filter(
  (name) => name !== 'seed',
);

/** The value for a parameter, in a box, or `undefined` where the run has none. */
export function injectable(
  scope: Scope,
  name: string,
  prefixes: readonly string[],
): { readonly value: unknown } | undefined {
  const special = Object.hasOwn(SPECIAL, name) ? SPECIAL[name] : undefined;
  if (special !== undefined) return { value: special(scope) };
  const keys = name.split('.'); // the name a decorator gives may be a path
  if (prefixes.length === 0) return valueAt(scope.run.config, keys);
  for (const prefix of prefixes) {
    const path = prefix.split('.');
    const at = valueAt(scope.run.config, path);
    const found = valueAt(at?.value, keys) ?? (path.at(-1) === name ? at : undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The value for a parameter of a class this package exports, by the class. */
export function injectableByType(
  scope: Scope,
  type: unknown,
): { readonly value: unknown } | undefined {
  const brand = brandOf(type);
  return brand === undefined ? undefined : { value: SPECIAL[brand.toLowerCase()]!(scope) };
}

/** Everything {@link injectable} knows, for error messages. */
export function injectableNames(scope: Scope, prefixes: readonly string[]): string[] {
  const sections =
    prefixes.length === 0
      ? [scope.run.config]
      : prefixes.map((prefix) => valueAt(scope.run.config, prefix.split('.'))?.value);
  const keys = sections.flatMap((section) => (isPlainObject(section) ? Object.keys(section) : []));
  return [...keys, ...Object.keys(SPECIAL)];
}

function valueAt(
  config: unknown,
  path: readonly string[],
): { readonly value: unknown } | undefined {
  return path.reduce<{ readonly value: unknown } | undefined>(
    (at, key) => (at === undefined ? undefined : own(at.value, key)),
    { value: config },
  );
}

function own(section: unknown, key: string): { readonly value: unknown } | undefined {
  if (!isPlainObject(section) || !Object.hasOwn(section, key)) return undefined;
  return { value: section[key] };
}
