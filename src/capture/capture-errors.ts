import { peekAt } from '../config/read-only.ts';
import { ExpError, suggest } from '../core/errors.ts';
import { isPlainObject } from '../core/json.ts';
import type { RunContext } from '../core/run-context.ts';
import { SPECIAL_NAMES, type Target } from './injectable.ts';
import type { Parameter } from './parameters.ts';

/** The error for a call with more arguments than there are parameters. */
export function tooMany({ name, parameters }: Target, count: number): ExpError {
  const shown = parameters.map(shownParameter).join(', ');
  const list = shown === '' ? '' : ` (${shown})`;
  const noun = parameters.length === 1 ? 'argument' : 'arguments';
  return new ExpError(
    'EXP_CAPTURE',
    `${name}() takes ${parameters.length} ${noun}${list}, got ${count}.`,
  );
}

/** The error for a member of an argument that the function does not take. */
export function unknownMember(target: Target, key: string, known: readonly string[]): ExpError {
  return new ExpError('EXP_CAPTURE', `${target.name}() takes no "${key}". ${suggest(key, known)}`);
}

/** The error for parameters that neither the caller nor the run gives. */
export function missing(target: Target, keys: readonly string[], run: RunContext): ExpError {
  return new ExpError(
    'EXP_CAPTURE',
    `${target.name}() needs ${quoted(keys)}, which neither the call nor the config gives. ` +
      hint(target, keys[0]!, run),
  );
}

/** The error for parameters that the caller leaves to a run, when there is none. */
export function missingRun({ name }: Target, keys: readonly string[]): ExpError {
  return new ExpError(
    'EXP_CAPTURE',
    `${name}() needs ${quoted(keys)} and was called outside of a run. ` +
      'Pass it, or start a run with run-exp, runExperiment() or openRun().',
  );
}

/**
 * Refuses prefixes that this run's config has not. A section that the schema has, but not this
 * config, is one that may be left out: then the function's defaults hold.
 * @throws {ExpError} EXP_CAPTURE
 */
export function checkPrefixes({ name, prefixes }: Target, run: RunContext): void {
  for (const prefix of prefixes) {
    const path = prefix.split('.');
    if (peekAt(run.config, path) !== undefined || run.declares(path)) continue;
    throw new ExpError(
      'EXP_CAPTURE',
      `${name}() is captured with "${prefix}", which the config has not. ` +
        suggest(prefix, keysIn(run.config)),
    );
  }
}

function hint(target: Target, name: string, run: RunContext): string {
  const { config } = run;
  const { prefixes } = target;
  const absent = prefixes.find((prefix) => peekAt(config, prefix.split('.')) === undefined);
  if (absent !== undefined) {
    return `The config of this run leaves out "${absent}": pass it, or give the parameter a default.`;
  }
  const paths = prefixes.length === 0 ? [name] : prefixes.map((prefix) => `${prefix}.${name}`);
  if (paths.some((path) => run.declares(path.split('.')))) {
    return 'The config of this run leaves it out: pass it, or give the parameter a default.';
  }
  const all = keysIn(config);
  const elsewhere = all.filter((path) => path.split('.').at(-1) === name);
  const [place] = elsewhere;
  if (place !== undefined) {
    const section = place.includes('.') ? place.slice(0, place.lastIndexOf('.')) : place;
    const wanted = [...prefixes, section].map((prefix) => `'${prefix}'`).join(', ');
    return `It is at ${elsewhere.map((path) => `"${path}"`).join(' and at ')}: @captured(${wanted}).`;
  }
  const sections = prefixes.length === 0 ? [''] : prefixes;
  const near = sections.flatMap((prefix) => {
    const at = peekAt(config, prefix === '' ? [] : prefix.split('.'));
    return isPlainObject(at?.value) ? Object.keys(at.value) : [];
  });
  return suggest(name, [...(name.includes('.') ? all : near), ...SPECIAL_NAMES]);
}

/** The dotted paths of all keys of a config, sections too. */
function keysIn(config: unknown, prefix = ''): string[] {
  if (!isPlainObject(config)) return [];
  return Object.keys(config).flatMap((key) => [
    prefix + key,
    ...keysIn(peekAt(config, [key])!.value, `${prefix}${key}.`),
  ]);
}

function shownParameter({ name, isRest, pattern }: Parameter): string {
  const members = pattern?.members.map((member) => member.name).join(', ');
  const shown = name ?? (members === undefined ? '[…]' : `{ ${members} }`);
  return isRest ? `...${shown}` : shown;
}

function quoted(keys: readonly string[]): string {
  return keys.map((key) => `"${key}"`).join(', ');
}
