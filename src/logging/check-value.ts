import { ExpError } from '../core/errors.ts';
import { jsonLine } from '../core/json.ts';
import type { Value } from '../core/record.ts';

/**
 * Refuses what is no value of a metric: objects, functions, symbols.
 * @throws {ExpError} EXP_LOG
 */
export function checkValue(name: string, value: unknown): asserts value is Value {
  const type = typeof value;
  if (type === 'number' || type === 'string' || type === 'boolean' || type === 'bigint') return;
  if (value instanceof Date) return;
  throw new ExpError(
    'EXP_LOG',
    `The metric "${name}" must be a number, boolean, text or date, got ${
      value === null ? 'null' : type
    }. Log its parts one by one.`,
  );
}

/**
 * Refuses what is no object of metrics by name.
 * @throws {ExpError} EXP_LOG
 */
export function checkMetrics(metrics: unknown): void {
  const isObject = typeof metrics === 'object' && metrics !== null;
  if (isObject && !Array.isArray(metrics) && !(metrics instanceof Map)) return;
  const found = isObject ? 'a list or map' : jsonLine(metrics);
  throw new ExpError(
    'EXP_LOG',
    `logger.log() takes metrics by name, such as { loss: 0.5 }, got ${found}.`,
  );
}
