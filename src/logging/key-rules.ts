import { ExpError, nearest } from '../core/errors.ts';
import type { KeyOptions, LogOptions, Row, Value } from '../core/record.ts';
import { SINK_NAMES } from '../core/sink.ts';

/** The tags and values of a row that are written, and the sinks that do not get all of them. */
type Kept = Pick<Row, 'tags' | 'values' | 'except'>;

/**
 * Leaves out of a row what came too soon after its last value, and notes which sinks some tags are
 * kept from.
 * @param lastSteps the step of the last value of each tag that has a least distance; kept up to date.
 */
export function applyRules(
  tags: readonly string[],
  values: readonly Value[],
  rules: ReadonlyMap<string, KeyOptions>,
  step: number,
  lastSteps: Record<string, number>,
): Kept {
  const kept: { tags: string[]; values: Value[] } = { tags: [], values: [] };
  const except = new Map<string, readonly string[]>();
  tags.forEach((tag, i) => {
    const { every, exclude } = rules.get(tag) ?? {};
    if (every !== undefined) {
      const last = lastSteps[tag];
      // Steps that go back start over: a phase of its own, or what came later was given up.
      if (last !== undefined && step >= last && step - last < every) return;
      lastSteps[tag] = step;
    }
    if (exclude !== undefined && exclude.length > 0) except.set(tag, exclude);
    kept.tags.push(tag);
    kept.values.push(values[i]!);
  });
  return { ...kept, ...(except.size > 0 && { except }) };
}

/** What the options of `log` say of a single key of the row. */
export function ruleFor(name: string, { every, exclude }: LogOptions): KeyOptions {
  const sinks = isNames(exclude) ? exclude : exclude?.[name];
  return {
    ...(every !== undefined && { every }),
    ...(sinks !== undefined && { exclude: sinks }),
  };
}

/** The options of a key alone, or nothing where there are none: that is the fast way. */
export function keyOptionsOf({ every, exclude }: KeyOptions): KeyOptions | undefined {
  if (every === undefined && exclude === undefined) return undefined;
  return { ...(every !== undefined && { every }), ...(exclude !== undefined && { exclude }) };
}

// Text is no list either; it is refused as one.
function isNames(exclude: LogOptions['exclude']): exclude is readonly string[] {
  return Array.isArray(exclude) || typeof exclude === 'string';
}

/**
 * Refuses options that mean nothing.
 * @throws {ExpError} EXP_LOG
 */
export function checkKeyOptions(name: string, { every, exclude }: KeyOptions): void {
  if (every !== undefined && !(Number.isSafeInteger(every) && every >= 1)) {
    throw new ExpError(
      'EXP_LOG',
      `"${name}": every must be a whole number of steps of at least 1, got ${String(every)}.`,
    );
  }
  const isList =
    exclude === undefined ||
    (Array.isArray(exclude) && exclude.every((sink) => typeof sink === 'string'));
  if (!isList) {
    throw new ExpError(
      'EXP_LOG',
      `"${name}": exclude must be a list of sinks, such as ['stdout'].`,
    );
  }
}

/**
 * What is odd about the sinks that tags are kept from: names that look like misspelt ones. A name that is
 * like no other may be that of a sink this run goes without.
 */
export function misspeltSinks(
  except: ReadonlyMap<string, readonly string[]>,
  sinks: readonly string[],
): string[] {
  const known = [...new Set([...SINK_NAMES, ...sinks])];
  return [...except].flatMap(([tag, names]) =>
    names.flatMap((name) => {
      const near = known.includes(name) ? undefined : nearest(name, known);
      if (near === undefined) return [];
      return `"${tag}" is to be kept from the sink "${name}", and there is none. Did you mean "${near}"?`;
    }),
  );
}

/** These rows as a sink gets them: without the tags that are kept from it. */
export function visibleTo(sink: string, rows: readonly Row[]): readonly Row[] {
  if (!rows.some((row) => row.except !== undefined)) return rows;
  return rows.flatMap((row) => {
    const { except, ...rest } = row;
    const hidden = (tag: string): boolean => except?.get(tag)?.includes(sink) === true;
    if (!row.tags.some(hidden)) return [row];
    const shown = row.tags.flatMap((tag, i) => (hidden(tag) ? [] : [i]));
    if (shown.length === 0) return [];
    return [
      {
        ...rest,
        tags: shown.map((i) => row.tags[i]!),
        values: shown.map((i) => row.values[i]!),
      },
    ];
  });
}
