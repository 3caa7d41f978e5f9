import { resolve } from 'node:path';
import { leaves } from '../config/assignment.ts';
import { isWithin, keyPath, pathText } from '../config/path.ts';
import { ExpError } from '../core/errors.ts';
import { jsonLine } from '../core/json.ts';
import type { Place } from '../core/place.ts';
import { earlierConfig } from '../experiment/earlier-config.ts';
import type { WrittenSweep } from '../experiment/read-sweep.ts';
import type { SweepRequest } from '../experiment/requests.ts';
import { tryCurrentScope } from '../scope/scope.ts';
import { findRun } from '../store/find-runs.ts';
import type { FileSweepOptions } from './sweep-options.ts';

/**
 * What the options of a sweep ask for.
 * @param root of runs, absolute.
 * @param place where in the user's code they stand.
 * @throws {ExpError} EXP_SWEEP for variants beside other axes, or that are none; EXP_USAGE for an
 *   earlier run that is not there.
 */
export function requestOf(
  options: FileSweepOptions,
  root: string,
  place: Place | undefined,
): SweepRequest {
  const { overrides, axes, from, repeats, samples, seed, sinks, command, name, comment } = options;
  const sweep = writtenSweep(options);
  return {
    root,
    overrides: overrides ?? [],
    ...given('with', options.with),
    ...given('from', from === undefined ? undefined : earlierConfig(findRun(root, from))),
    ...given('values', options.config),
    valuesOrigin: { layer: 'api', ...place },
    ...given('axes', axes === undefined ? undefined : resolve(axes)),
    ...given('sweep', sweep),
    ...given('repeats', repeats),
    ...given('samples', samples),
    ...given('seed', seed),
    ...given('sinks', sinks),
    ...given('command', command),
    ...given('name', name),
    ...given('comment', comment),
    ...given('parent', tryCurrentScope()?.run.id),
  };
}

function writtenSweep({
  sweep,
  exclude,
  variants,
  axes,
}: FileSweepOptions): WrittenSweep | undefined {
  if (variants !== undefined && (sweep !== undefined || axes !== undefined)) {
    throw new ExpError('EXP_SWEEP', 'Give variants, or axes to make them of; not both.');
  }
  if (sweep !== undefined && axes !== undefined) {
    throw new ExpError('EXP_SWEEP', 'Give the axes of a sweep in code or in a file; not both.');
  }
  const left = exclude === undefined ? {} : { exclude };
  if (variants !== undefined) return { levels: levelsOf(variants), ...left };
  if (sweep === undefined) return undefined;
  return { ...(Array.isArray(sweep) ? { levels: sweep } : { axes: sweep }), ...left };
}

/** Listed variants as one level of a sweep, whose keys vary together. */
function levelsOf(variants: readonly object[]): readonly object[] {
  const flat = variants.map(flatten);
  const [first] = flat;
  if (first === undefined) throw new ExpError('EXP_SWEEP', 'The list of variants is empty.');
  const keys = [...first.keys()];
  const odd = flat.findIndex(
    (one) => one.size !== keys.length || keys.some((key) => !one.has(key)),
  );
  if (odd >= 0) {
    throw new ExpError(
      'EXP_SWEEP',
      `Variants set the same keys: the first one ${jsonLine(keys)}, number ${odd + 1} ` +
        `${jsonLine([...flat[odd]!.keys()])}.`,
    );
  }
  if (keys.length === 0 && flat.length === 1) return [];
  return [Object.fromEntries(keys.map((key) => [key, flat.map((one) => one.get(key))]))];
}

/** The values of a variant, nested or by path, by the usual spelling of their paths. */
function flatten(variant: object): Map<string, unknown> {
  return new Map(
    Object.entries(variant).flatMap(([key, value]) =>
      leaves(value, [...keyPath(key)]).map(({ path, value: inner }) => [pathText(path), inner]),
    ),
  );
}

/**
 * Refuses values for keys that are swept: it would be the same value in all variants.
 * @throws {ExpError} EXP_SWEEP
 */
export function checkApart(keys: readonly string[], values: unknown): void {
  const set = leaves(values ?? {}).map(({ path }) => keyPath(pathText(path)));
  const both = keys.find((key) =>
    set.some((path) => isWithin(keyPath(key), path) || isWithin(path, keyPath(key))),
  );
  if (both === undefined) return;
  throw new ExpError('EXP_SWEEP', `"${both}" is both swept and set to one value. Keep one.`);
}

function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}
