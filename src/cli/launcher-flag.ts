import { InvalidArgumentError } from 'commander';
import { ExpError, suggest } from '../core/errors.ts';
import { wholeFrom } from './flag-values.ts';

const LAUNCHERS = ['local', 'debug'] as const;

/** How runs are executed: a process for each, or all in the launcher's own process. */
export type LauncherName = (typeof LAUNCHERS)[number];

/** The flags that choose a launcher. */
export interface LauncherFlags {
  readonly launcher?: string;
  readonly debug?: boolean;
  readonly debugPick?: number | 'random';
  readonly timeout?: number;
  readonly detach?: boolean;
}

/**
 * The launcher that the flags ask for.
 * @throws {ExpError} EXP_USAGE for one that is unknown, or flags that do not go together.
 */
export function launcherOf(flags: LauncherFlags): LauncherName {
  const { launcher, debug, debugPick, timeout, detach } = flags;
  const isDebug = debug === true || debugPick !== undefined;
  const name = launcher ?? (isDebug ? 'debug' : 'local');
  const known = LAUNCHERS.find((one) => one === name);
  if (known === undefined) {
    const hint = suggest(name, LAUNCHERS);
    throw new ExpError('EXP_USAGE', `There is no launcher "${name}". ${hint}`);
  }
  if (isDebug && known !== 'debug') {
    throw new ExpError(
      'EXP_USAGE',
      `${debugFlag(flags)} is for the debug launcher. Leave out --launcher ${known}.`,
    );
  }
  const other = timeout !== undefined ? '--timeout' : detach === true ? '--detach' : undefined;
  if (known === 'debug' && other !== undefined) {
    throw new ExpError(
      'EXP_USAGE',
      `${debugFlag(flags)} runs everything in this very process, in sight: leave out ${other}.`,
    );
  }
  return known;
}

/** The flag that chose the debug launcher, as it was written. */
export function debugFlag({ debug, debugPick: pick }: LauncherFlags): string {
  if (debug === true) return '--debug';
  return pick === undefined ? '--launcher debug' : '--debug-pick';
}

/** Reads what `--debug-pick` says. */
export function debugPick(text: string): number | 'random' {
  if (text === 'random') return 'random';
  try {
    return wholeFrom(1)(text);
  } catch {
    throw new InvalidArgumentError('It must be "random", or a whole number from 1.');
  }
}
