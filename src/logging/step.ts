import { ExpError } from '../core/errors.ts';
import type { Row } from '../core/record.ts';

/** @throws {ExpError} EXP_LOG for a step that is none. */
export function checkStep(step: number): void {
  if (Number.isSafeInteger(step)) return;
  throw new ExpError('EXP_LOG', `A step must be a whole number, got ${step}.`);
}

/**
 * The step of a row where a metric says it: a row that has it takes its value, one that has not
 * belongs to the last step.
 * @throws {ExpError} EXP_LOG if the value is no step, or another than the one given.
 */
export function stepFrom(
  metric: string,
  { tags, values }: Pick<Row, 'tags' | 'values'>,
  given: number | undefined,
  last: number,
): number {
  const at = tags.indexOf(metric);
  if (at === -1) return given ?? Math.max(last, 0);
  const value = values[at]!;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw new ExpError(
      'EXP_LOG',
      `"${metric}" is the step of a row and must be a whole number, got ${String(value)}.`,
    );
  }
  if (given !== undefined && given !== value) {
    throw new ExpError(
      'EXP_LOG',
      `A row has the step ${given} and "${metric}" ${value}, which is its step too. Leave one out.`,
    );
  }
  return value;
}
