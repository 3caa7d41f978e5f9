import { ExpError } from '../core/errors.ts';

const VARIABLE = 'EXP_GRACE';

/**
 * The grace period of a run, in seconds: that of the environment, else the one chosen in code or
 * project file.
 * @throws {ExpError} EXP_USAGE for what is no number of seconds.
 */
export function graceOf(chosen: number | undefined): number | undefined {
  const text = process.env[VARIABLE];
  if (text === undefined || text.trim() === '') return check('grace', chosen);
  return check(VARIABLE, Number(text), text);
}

function check(name: string, value: number | undefined, shown: unknown = value): typeof value {
  if (value === undefined || (Number.isFinite(value) && value >= 0)) return value;
  throw new ExpError(
    'EXP_USAGE',
    `${name} must be a number of seconds, 0 or more, got ${String(shown)}.`,
  );
}
