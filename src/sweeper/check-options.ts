import { parseDuration } from '../core/duration.ts';
import { ExpError, suggest } from '../core/errors.ts';
import { jsonLine } from '../core/json.ts';
import type { FileSweepOptions, ProgramSweepOptions } from './sweep-options.ts';

/** All that options may say, whatever is swept. */
export type AnyOptions = FileSweepOptions & ProgramSweepOptions;

/** The options by name, and what of they are: experiments, programs, or both. */
const OPTIONS: Readonly<Record<keyof AnyOptions, 'experiments' | 'programs' | 'both'>> = {
  axes: 'both',
  overrides: 'both',
  variants: 'both',
  logDirs: 'both',
  with: 'both',
  from: 'both',
  repeats: 'both',
  samples: 'both',
  seed: 'both',
  slots: 'both',
  affinity: 'both',
  launcher: 'experiments',
  retries: 'both',
  timeout: 'both',
  failFast: 'both',
  skipExisting: 'both',
  root: 'both',
  sinks: 'experiments',
  command: 'experiments',
  name: 'both',
  comment: 'both',
  ghost: 'both',
  signal: 'both',
  onEvent: 'both',
  onNote: 'both',
  sweep: 'both',
  exclude: 'both',
  config: 'both',
  experiment: 'experiments',
  commonArgs: 'programs',
  runArgs: 'programs',
};

const LAUNCHERS: readonly unknown[] = ['local', 'debug'];

const LISTS = [
  'overrides',
  'variants',
  'logDirs',
  'with',
  'sinks',
  'exclude',
  'commonArgs',
  'runArgs',
] as const;

const LEAST = { repeats: 1, samples: 1, slots: 1, seed: 0, retries: 0 } as const;

/**
 * Refuses options that the compiler would, for callers that have none.
 * @param isProgram true if no experiment is swept.
 * @throws {ExpError} EXP_USAGE
 */
export function checkOptions(options: AnyOptions, isProgram: boolean): void {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name] of given) checkName(name, isProgram);
  for (const [name, least] of Object.entries(LEAST)) {
    const value: unknown = options[name as keyof typeof LEAST];
    if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= least)) {
      continue;
    }
    throw wrong(name, value, `a whole number of at least ${least}`);
  }
  const single = LISTS.find((name) => options[name] !== undefined && !Array.isArray(options[name]));
  if (single !== undefined) throw wrong(single, options[single], 'a list');
  const { launcher, timeout } = options;
  if (launcher !== undefined && !LAUNCHERS.includes(launcher)) {
    throw wrong('launcher', launcher, '"local" or "debug"');
  }
  if (timeout === undefined) return;
  if (typeof timeout !== 'string') {
    throw wrong('timeout', timeout, 'text with a unit, such as "90s" or "2h"');
  }
  parseDuration(timeout);
}

function checkName(name: string, isProgram: boolean): void {
  if (!Object.hasOwn(OPTIONS, name)) {
    const hint = suggest(name, Object.keys(OPTIONS));
    throw new ExpError('EXP_USAGE', `runSweep has no option "${name}". ${hint}`);
  }
  const subject = OPTIONS[name as keyof AnyOptions];
  if (subject === 'both' || (subject === 'programs') === isProgram) return;
  throw new ExpError('EXP_USAGE', `The option "${name}" is for sweeps of ${subject} only.`);
}

function wrong(name: string, value: unknown, right: string): ExpError {
  const shown = typeof value === 'number' ? String(value) : jsonLine(value);
  return new ExpError('EXP_USAGE', `${name} must be ${right}, got ${shown}.`);
}
