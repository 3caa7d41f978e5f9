import { peekAt, isSection } from '../config/read-only.ts';
import { brandOf } from '../core/brand.ts';
import { ExpError } from '../core/errors.ts';
import { isPlainObject } from '../core/json.ts';
import type { RunContext } from '../core/run-context.ts';
import type { Logger } from '../logging/logger.ts';
import type { Scope } from '../scope/scope.ts';
import type { Entry } from './entry.ts';
import type { Parameter } from './parameters.ts';

/** A captured function, as far as its arguments go. */
export interface Target {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly prefixes: readonly string[];
  /** Classes of the parameters, in order. */
  readonly types: readonly unknown[];
  /** True for keys that its schema has, where it was given one: those may be left out. */
  readonly declares: ((path: readonly string[]) => boolean) | undefined;
  /** What it is the code of, if it is a command. */
  readonly entry?: Entry;
  /** Logs as the ubiquitous logger does; its text lines name the function. */
  readonly logger: Logger;
}

/** Where an argument comes from in one run. */
export interface Source {
  readonly value: unknown;
  /** Makes a value for every call. */
  readonly make: ((scope: Scope) => unknown) | undefined;
  /** The config key whose reading is to be recorded; once is enough. */
  key: string | undefined;
}

type Special = (run: RunContext, target: Target) => Source | undefined;

/** What a captured function may ask for by name, apart from the keys of the config. */
const SPECIAL: Readonly<Record<string, Special>> = {
  run: (run) => constant(run),
  config: configFor,
  logger: (_, { logger }) => constant(logger),
  rng: () => fresh((scope) => scope.nextRng()),
  seed: () => fresh((scope) => scope.nextSeed()),
  runId: (run) => constant(run.id),
  runDir: (run) => constant(run.dir),
  signal: (run) => constant(run.signal),
};

/** The names of what a run gives besides its config. */
export const SPECIAL_NAMES: readonly string[] = Object.keys(SPECIAL);

/** Names a config key cannot have, since captured parameters of that name mean something else. */
export const RESERVED_NAMES: readonly string[] = SPECIAL_NAMES.filter((name) => name !== 'seed');

/** Where a run has the value for a parameter: by its class, or else by its name. */
export function findSource(
  run: RunContext,
  target: Target,
  name: string,
  type?: unknown,
): Source | undefined {
  const special = brandOf(type)?.toLowerCase() ?? name;
  if (Object.hasOwn(SPECIAL, special)) return SPECIAL[special]!(run, target);
  const found = findPlaces(run.config, target.prefixes, name);
  if (found.length > 1) {
    const paths = found.map((path) => path.join('.'));
    return fresh(() => {
      throw ambiguous(target, name, paths);
    });
  }
  const [path] = found;
  if (path !== undefined) {
    const { value } = peekAt(run.config, path)!;
    return { value, make: undefined, key: isSection(value) ? undefined : path.join('.') };
  }
  const key = name.split('.');
  const isLeftOut =
    target.declares?.(key) === true && peekAt(run.config, key.slice(0, -1)) !== undefined;
  return isLeftOut ? constant(undefined) : undefined;
}

/**
 * The paths a name may mean. A prefix that is a value gives just that one, by its last part, and
 * more exactly than any section does; a section gives its keys, and itself by its own last part.
 */
function findPlaces(
  config: unknown,
  prefixes: readonly string[],
  name: string,
): (readonly string[])[] {
  const keys = name.split('.'); // the name a decorator gives may be a path
  if (prefixes.length === 0) return peekAt(config, keys) === undefined ? [] : [keys];
  const exact: string[][] = [];
  const others: string[][] = [];
  for (const path of prefixes.map((prefix) => prefix.split('.'))) {
    const at = peekAt(config, path);
    if (at === undefined) continue;
    const inside = [...path, ...keys];
    if (peekAt(config, inside) !== undefined) others.push(inside);
    else if (path.at(-1) === name) (isPlainObject(at.value) ? others : exact).push(path);
  }
  const found = exact.length > 0 ? exact : others;
  return [...new Map(found.map((path) => [path.join('.'), path])).values()];
}

/** The section of a function that has just one, and else the whole config. */
function configFor({ config }: RunContext, { prefixes }: Target): Source | undefined {
  const sections = prefixes
    .map((prefix) => peekAt(config, prefix.split('.')))
    .filter((at) => at === undefined || isPlainObject(at.value));
  if (sections.length !== 1) return constant(config);
  return sections[0] && constant(sections[0].value);
}

function constant(value: unknown): Source {
  return { value, make: undefined, key: undefined };
}

function fresh(make: (scope: Scope) => unknown): Source {
  return { value: undefined, make, key: undefined };
}

function ambiguous(target: Target, name: string, paths: readonly string[]): ExpError {
  const exactly = [...target.prefixes, paths[0]].map((prefix) => `'${prefix}'`).join(', ');
  return new ExpError(
    'EXP_CAPTURE',
    `${target.name}() needs "${name}", which is at ${paths.map((path) => `"${path}"`).join(' and at ')}. ` +
      `Name the one that is meant: @captured(${exactly}).`,
  );
}
