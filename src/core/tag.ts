import { ExpError } from './errors.ts';

/** Joins a prefix and a name to a tag: `train` and `loss` give `train/loss`. */
export function joinTag(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** What the tags of machine and process begin with, which describe no step of the run. */
export const SYSTEM_PREFIX = 'system';

/** Columns every row has; a metric may not take their names. */
export const ROW_COLUMNS = ['step', 'wall_time', 'elapsed'] as const;

/**
 * Refuses a tag no sink could keep apart: empty, or one of the columns of every row.
 * @throws {ExpError} EXP_LOG
 */
export function checkTag(tag: string): void {
  if (tag === '') throw new ExpError('EXP_LOG', 'A metric needs a name; got "".');
  if ((ROW_COLUMNS as readonly string[]).includes(tag)) {
    throw new ExpError(
      'EXP_LOG',
      `"${tag}" is a column of every row. Pass the step as { step }, or give the metric another name.`,
    );
  }
}
