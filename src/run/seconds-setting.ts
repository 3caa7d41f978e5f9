import { ExpError } from '../core/errors.ts';

/**
 * A setting in seconds: that of an environment variable, else the one chosen in code or project file.
 * @throws {ExpError} EXP_USAGE for what is no number of seconds.
 */
export function secondsSetting(
  name: string,
  variable: string,
  chosen: number | undefined,
): number | undefined {
  const text = process.env[variable];
  if (text === undefined || text.trim() === '') return check(name, chosen);
  return check(variable, Number(text), text);
}

function check(name: string, value: number | undefined, shown: unknown = value): typeof value {
  if (value === undefined || (Number.isFinite(value) && value >= 0)) return value;
  throw new ExpError(
    'EXP_USAGE',
    `${name} must be a number of seconds, 0 or more, got ${String(shown)}.`,
  );
}
