import { existsSync } from 'node:fs';
import { ExpError } from '../core/errors.ts';
import { jsonLine } from '../core/json.ts';
import type { SweepSettings } from './sweep-options.ts';

/** The least that options which count something may be. */
const LEAST = { repeats: 1, samples: 1, slots: 1, retries: 0 } as const;

const LAUNCHERS: readonly string[] = ['local', 'debug'];

/**
 * Refuses settings that a program has worked out, so that no compiler could: the same that flags refuse.
 * @throws {ExpError} EXP_USAGE
 */
export function checkSettings(settings: SweepSettings): void {
  for (const [name, least] of Object.entries(LEAST)) {
    const count = settings[name as keyof typeof LEAST];
    if (count === undefined || (Number.isSafeInteger(count) && count >= least)) continue;
    throw badSetting(name, `a whole number of at least ${least}`, count);
  }
  const { launcher, timeout } = settings;
  if (launcher !== undefined && !LAUNCHERS.includes(launcher)) {
    throw badSetting('launcher', '"local" or "debug"', launcher);
  }
  if (timeout !== undefined && typeof timeout !== 'string') {
    throw badSetting('timeout', 'text with a unit, such as "90s" or "2h"', timeout);
  }
}

/** @throws {ExpError} EXP_USAGE for a file that is not there. */
export function checkFile(file: string): void {
  if (existsSync(file)) return;
  throw new ExpError('EXP_USAGE', `There is no file "${file}".`);
}

function badSetting(name: string, must: string, value: unknown): ExpError {
  const shown = typeof value === 'number' ? String(value) : jsonLine(value);
  return new ExpError('EXP_USAGE', `${name} must be ${must}, got ${shown}.`);
}
