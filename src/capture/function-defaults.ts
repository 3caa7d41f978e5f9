import { valueAt } from '../config/container.ts';
import { declares, type JsonSchema } from '../config/json-schema.ts';
import { userPlace, type Place } from '../core/place.ts';
import { processState } from '../core/process-state.ts';
import type { Origin } from '../core/run-spec.ts';
import type { Entry } from './entry.ts';
import { SPECIAL_NAMES, type Target } from './injectable.ts';
import type { Parameter } from './parameters.ts';

/** A default value of a captured function: what holds where the config has no such key. */
export interface FunctionDefault {
  /** The config key that would take its place, by dotted path. */
  readonly key: string;
  /** The function. */
  readonly name: string;
  /** `momentum = 0.9`. */
  readonly text: string;
  /** The value as it is written. */
  readonly written: string;
  /** The value, if it is a literal. */
  readonly value: unknown;
  /** Where the function was captured. */
  readonly place?: Place;
  /** For the code of a command, which other commands do not run. */
  readonly entry?: Entry;
}

// By function and parameters: one that is captured anew at every call is known once.
const known = processState('function-defaults', () => new Map<string, FunctionDefault[]>());

/** The default values of all captured functions of this process, in the order of their definition. */
export function functionDefaults(): readonly FunctionDefault[] {
  return [...known.values()].flat();
}

/**
 * The defaults of captured functions that hold in a run: those of keys that the schema has and the
 * config leaves out. Where several functions have one for a key, the first counts.
 *
 * @param running what the run runs: defaults of other commands do not hold in it.
 */
export function defaultsInUse(
  schema: JsonSchema,
  config: unknown,
  running: Entry,
): ReadonlyMap<string, FunctionDefault> {
  const inUse = new Map<string, FunctionDefault>();
  for (const one of functionDefaults()) {
    const path = one.key.split('.');
    if (!mayRun(one.entry, running)) continue;
    if (inUse.has(one.key) || !declares(schema, path) || valueAt(config, path) !== undefined)
      continue;
    inUse.set(one.key, one);
  }
  return inUse;
}

function mayRun(entry: Entry | undefined, { experiment, command }: Entry): boolean {
  if (entry === undefined) return true;
  return entry.experiment === experiment && (command ?? entry.command) === entry.command;
}

/** The lowest layer of all, as the origin of a key. */
export function originOfDefault({ name, text, place }: FunctionDefault): Origin {
  return { layer: 'function', name, text, ...place };
}

/** Remembers the default values of a captured function. */
export function noteDefaults(target: Target): void {
  const { name, prefixes, entry } = target;
  const defaults = target.parameters.flatMap((one) =>
    one.name === undefined ? (one.pattern?.members ?? []) : [one],
  );
  const own = defaults.filter(isOwn);
  if (own.length === 0) return;
  const id = JSON.stringify([name, entry, prefixes, own.map((one) => [one.name, one.defaultText])]);
  if (known.has(id)) return;
  const place = userPlace(new Error().stack);
  const names = target.parameters.map((parameter) => parameter.name);
  known.set(
    id,
    own.flatMap((one) =>
      keysOf(one.name!, prefixes, names).map((key) => ({
        key,
        name,
        text: `${one.name} = ${one.defaultText}`,
        written: one.defaultText!,
        value: one.literal?.value,
        ...(place !== undefined && { place }),
        ...(entry !== undefined && { entry }),
      })),
    ),
  );
}

/** True for a default of the function itself, of a parameter that the config may give. */
function isOwn({ name, defaultText, isInjected }: Parameter): boolean {
  return (
    name !== undefined && defaultText !== undefined && !isInjected && !SPECIAL_NAMES.includes(name)
  );
}

/** Where the config may have a parameter: once for every prefix, but for those that name another one. */
function keysOf(
  name: string,
  prefixes: readonly string[],
  names: readonly (string | undefined)[],
): string[] {
  const exact = prefixes.filter((prefix) => lastPart(prefix) === name);
  if (exact.length > 0) return exact;
  const sections = prefixes.filter((prefix) => !names.includes(lastPart(prefix)));
  return sections.length === 0 ? [name] : sections.map((prefix) => `${prefix}.${name}`);
}

function lastPart(prefix: string): string {
  return prefix.slice(prefix.lastIndexOf('.') + 1);
}
