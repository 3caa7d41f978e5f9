import { parseValue } from '../config/parse-value.ts';
import { keyPath } from '../config/path.ts';
import { choicesOf, typesOf, type JsonSchema } from '../config/json-schema.ts';
import { typeText } from '../config/type-text.ts';
import { schemaAt } from '../config/unknown-key.ts';
import { ExpError } from '../core/errors.ts';
import type { Interval, Swept } from '../core/swept.ts';
import { axisTexts } from '../sweep/axes.ts';
import { checked, looksLikeInterval, parseInterval } from '../sweep/interval.ts';
import { levelOf } from '../sweep/levels.ts';

const SEED: JsonSchema = { type: 'integer', minimum: 0 };

/**
 * Reads the right side of a swept key by the type of the key: `1,2`, `choice(1,2)`, `range(3)`,
 * `shuffle(1,2)`, `sort(2,1)`, `glob(ad*)`, `interval(0,1)`.
 * @param seed the root seed of the sweep, which decides the order of `shuffle`.
 * @throws {ExpError} EXP_CONFIG for an unknown key or a value of another type, EXP_SWEEP for a range
 *   or an interval that is none.
 */
export function readAxis(key: string, text: string, described: JsonSchema, seed = 0): Swept {
  const schema = sweptSchema(key, described);
  if (looksLikeInterval(text)) return fitted(parseInterval(key, text), schema);
  const choices = schema === 'open' ? [] : choicesOf(schema).map(String);
  return levelOf(
    key,
    axisTexts(key, text, { choices, seed }).map((one) => parseValue(key, one, schema)),
  );
}

/**
 * The schema of a key that a sweep varies; the root seed can always be.
 * @throws {ExpError} EXP_CONFIG for an unknown key.
 */
export function sweptSchema(key: string, described: JsonSchema): JsonSchema | 'open' {
  return key === 'seed' ? SEED : schemaAt(described, keyPath(key));
}

/**
 * An interval of the numbers that a key takes: a key of integers gets integers.
 * @throws {ExpError} EXP_SWEEP for a key that takes no numbers.
 */
export function fitted(interval: Interval, schema: JsonSchema | 'open'): Interval {
  const types = schema === 'open' ? [] : typesOf(schema);
  if (schema === 'open' || types.length === 0 || types.includes('number')) return interval;
  if (types.includes('integer')) return checked({ ...interval, isInteger: true });
  throw new ExpError(
    'EXP_SWEEP',
    `"${interval.key}" cannot be drawn from an interval: it must be ${typeText(schema)}. List its values.`,
  );
}
