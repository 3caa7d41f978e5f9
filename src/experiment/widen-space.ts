import { restoreNumbers } from '../config/restore-numbers.ts';
import { splitOverride, type OverrideText } from '../config/override.ts';
import { pathText } from '../config/path.ts';
import type { JsonSchema } from '../config/json-schema.ts';
import { ExpError, suggest } from '../core/errors.ts';
import { jsonLine } from '../core/json.ts';
import type { SweepSpace } from '../core/sweep-space.ts';
import type { Level, Swept } from '../core/swept.ts';
import { intervalText } from '../sweep/interval.ts';
import { isInterval, keysOf } from '../sweep/sample.ts';
import { readAxis, sweptSchema } from './read-axis.ts';

/** What a sweep is to have besides what it has. */
export interface Widening {
  /** `key=value,value` for swept keys. */
  readonly values: readonly string[];
  /** In all, not in addition. */
  readonly repeats?: number;
  readonly samples?: number;
}

/** A wider space. */
export interface Widened {
  readonly space: SweepSpace;
  /** What was asked for and is there already, in sentences. */
  readonly notes: readonly string[];
}

/**
 * The space of a sweep with more values of its swept keys, or more random points.
 * @throws {ExpError} EXP_SWEEP for a key that is not swept, keys of one level of which some are
 *   missing, or fewer samples; as {@link readAxis} does.
 */
export function widenSpace(
  space: SweepSpace,
  { values, samples }: Widening,
  schema: JsonSchema,
): Widened {
  const given = readValues(space, values, schema);
  const notes: string[] = [];
  const swept = space.swept.map((one) =>
    isInterval(one) ? one : withRows(one, given, schema, notes),
  );
  return { space: { ...space, swept, ...moreSamples(space, samples) }, notes };
}

/** The values that the words give to swept keys. */
function readValues(
  { swept }: SweepSpace,
  words: readonly string[],
  schema: JsonSchema,
): Map<string, readonly unknown[]> {
  const given = new Map<string, readonly unknown[]>();
  for (const word of words) {
    const override = splitOverride(word);
    const key = pathText(override.path);
    const values = valuesOf(findSwept(swept, override), override, schema);
    if (given.has(key)) {
      throw new ExpError('EXP_SWEEP', `"${key}" is named twice. List its values once.`);
    }
    given.set(key, values);
  }
  return given;
}

function findSwept(swept: readonly Swept[], { path, operation, text }: OverrideText): Swept {
  const key = pathText(path);
  const found = swept.find((one) => keysOf(one).includes(key));
  if (found === undefined) {
    const hint = suggest(key, swept.flatMap(keysOf));
    throw new ExpError('EXP_SWEEP', `"${key}" is not swept: only swept keys get values. ${hint}`);
  }
  if (operation === 'change' || operation === 'add') return found;
  throw new ExpError('EXP_SWEEP', `"${text}" gives "${key}" no values. Write ${key}=value,value.`);
}

function valuesOf(
  swept: Swept,
  { path, value }: OverrideText,
  schema: JsonSchema,
): readonly unknown[] {
  const key = pathText(path);
  const read = isInterval(swept) ? undefined : readAxis(key, value, schema);
  if (read !== undefined && !isInterval(read)) return read.rows.map(([first]) => first);
  const problem = isInterval(swept)
    ? `"${key}" is drawn from ${intervalText(swept)}. Draw more points of it with --samples.`
    : `"${key}" has listed values, to which an interval cannot be added. List more of them.`;
  throw new ExpError('EXP_SWEEP', problem);
}

/** A level with the rows that are given for its keys, but for those it has. */
function withRows(
  level: Level,
  given: ReadonlyMap<string, readonly unknown[]>,
  schema: JsonSchema,
  notes: string[],
): Level {
  const { keys } = level;
  const rows = level.rows.map((row) =>
    row.map((value, i) => restoreNumbers(value, sweptSchema(keys[i]!, schema))),
  );
  const named = keys.filter((key) => given.has(key));
  const [first] = named;
  if (first === undefined) return { keys, rows };
  const missing = keys.find((key) => !given.has(key));
  if (missing !== undefined) {
    throw new ExpError(
      'EXP_SWEEP',
      `"${first}" and "${missing}" vary together. Give both new values, as many of one as of the other.`,
    );
  }
  const columns = keys.map((key) => given.get(key)!);
  const uneven = keys.find((_, i) => columns[i]!.length !== columns[0]!.length);
  if (uneven !== undefined) {
    throw new ExpError(
      'EXP_SWEEP',
      `Keys of one level vary together: "${keys[0]}" gets ${columns[0]!.length} values, "${uneven}" ${given.get(uneven)!.length}.`,
    );
  }
  const seen = new Set(rows.map((row) => jsonLine(row)));
  for (const row of columns[0]!.map((_, i) => columns.map((column) => column[i]))) {
    if (seen.has(jsonLine(row))) {
      const text = keys.map((key, i) => `${key}=${jsonLine(row[i])}`).join(' ');
      notes.push(`${text} is there already.`);
    } else {
      seen.add(jsonLine(row));
      rows.push(row);
    }
  }
  return { keys, rows };
}

function moreSamples(
  { swept, samples }: SweepSpace,
  asked: number | undefined,
): { samples?: number } {
  if (asked === undefined) return {};
  if (samples === undefined || !swept.some(isInterval)) {
    throw new ExpError(
      'EXP_SWEEP',
      '--samples draws points from intervals, and no key of this sweep has one. Leave it out.',
    );
  }
  if (asked < samples) {
    throw new ExpError(
      'EXP_SWEEP',
      `The sweep has ${samples} samples; --samples ${asked} would be fewer. Ask for more than ${samples} in all.`,
    );
  }
  return { samples: asked };
}
