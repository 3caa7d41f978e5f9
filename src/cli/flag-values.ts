import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../core/duration.ts';
import { messageOf } from '../core/errors.ts';

/** Reads the value of a flag as a whole number that is not below `least`. */
export function wholeFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
  };
}

/** Reads the value of a flag as seconds from 0.1 on, or 0 for never. */
export function secondsOrNever(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && (value === 0 || value >= 0.1)) return value;
  throw new InvalidArgumentError('It must be a number of seconds, at least 0.1, or 0 for never.');
}

/** Reads the value of a flag as a duration, in milliseconds. */
export function duration(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}
