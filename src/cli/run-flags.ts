import { existsSync, statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import type { Command } from 'commander';
import { ExpError, suggest } from '../core/errors.ts';
import { SINK_NAMES } from '../core/sink.ts';
import { isGhostEnvironment } from '../store/ghost-root.ts';
import { duration, secondsOrNever, wholeFrom } from './flag-values.ts';
import { addSweepFlags, checkSweepFlags, type SweepFlags } from './sweep-flags.ts';

/** The flags of `run-exp FILE`. */
export interface RunFlags extends SweepFlags {
  readonly root?: string;
  readonly seed?: number;
  readonly sinks?: string;
  readonly name?: string;
  readonly comment?: string;
  readonly tag?: boolean;
  readonly push?: boolean;
  readonly dropWithoutResults?: boolean;
  readonly experiment?: string;
  readonly from?: string;
  /** A run that is over, to enter by another command. */
  readonly in?: string;
  readonly skipExisting?: boolean;
  readonly printConfig?: boolean;
  readonly saveConfig?: string;
  readonly json?: boolean;
  readonly systemMetrics?: number;
  readonly ghost?: boolean;
  /** In milliseconds. */
  readonly timeout?: number;
  readonly detach?: boolean;
  readonly checkpoint?: string;
  /** In milliseconds. */
  readonly grace?: number;
  readonly retries?: number;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly help?: boolean;
  readonly exec?: string;
  readonly objective?: string;
}

/** The flags of commands that go on with a sweep. */
export interface ResumeFlags extends RunFlags {
  readonly failed?: boolean;
  readonly step?: number;
  readonly startOver?: boolean;
  readonly allowChanges?: boolean;
}

/** The flag of all commands that names a run root: its form and what it means. */
export const ROOT_FLAG = [
  '--root <dir>',
  'run root (default: as the project file says, or runs beside package.json)',
] as const;

/** Adds the flags of `run-exp FILE` to a command. */
export function addRunFlags(command: Command): Command {
  return addSweepFlags(command)
    .option('--seed <n>', 'root seed (default: random, and recorded)', wholeFrom(0))
    .option('--from <run>', 'start from the config of an earlier run')
    .option('--in <run>', 'do another command in a run that is over, as its next attempt')
    .option('--skip-existing', 'leave out runs whose config has completed before')
    .option('--print-config', 'print the config and where each value comes from; run nothing')
    .option('--save-config <file>', 'write the config to a YAML or JSON file; run nothing')
    .option('--json', 'print JSON: what happens in a sweep, line by line, or what is only shown')
    .option('--sinks <names>', `where rows go: ${SINK_NAMES.join(', ')}, your own, or none`)
    .option(...ROOT_FLAG)
    .option(
      '--system-metrics <seconds>',
      'measure machine and GPUs so often; 0 for never',
      secondsOrNever,
    )
    .option('--timeout <time>', 'how long a run may take: 90s, 2h, 1h30m', duration)
    .option(
      '--checkpoint <policy>',
      'which are kept: all, last:2, gap:5, last+gap:5, best:accuracy:max',
    )
    .option(
      '--grace <time>',
      'how long a run that is told to end may take to its next checkpoint',
      duration,
    )
    .option('--detach', 'leave it running in the background; see ps, logs -f and stop')
    .option('--retries <n>', 'how often a run that fails is tried again', wholeFrom(0))
    .option('--ghost', 'run as usual, and keep nothing of it')
    .option('--name <text>', 'a name for the run, shown by ls')
    .option('--comment <text>', 'a comment, kept with the run')
    .option('--tag', 'in a git repository: give the run a tag that git tag lists, too')
    .option('--push', 'push the tag of the run at its end, to origin')
    .option('--drop-without-results', 'take the tag away at the end if there are no results')
    .option('--experiment <name>', 'which experiment, where the file has several')
    .option('--exec <command>', "run any program instead of a file: 'python train.py {lr} {seed}'")
    .option(
      '--objective <metric>',
      'with --exec: what runs are judged by, max:accuracy or min:loss',
    )
    .option('--quiet', 'print errors only')
    .option('--verbose', 'print whole stack traces, and debug lines of the logger')
    .option('-h, --help', 'show this help; with a file, its config keys too');
}

/**
 * Refuses flags that mean nothing without another one.
 * @throws {ExpError} EXP_USAGE
 */
export function checkFlags(flags: RunFlags): void {
  if (flags.json === true && !flags.printConfig && !flags.dryRun && !flags.sweep) {
    throw new ExpError(
      'EXP_USAGE',
      '--json is for --sweep, --print-config and --dry-run. Add one of them, or leave it out.',
    );
  }
  if (flags.printConfig === true && flags.dryRun === true) {
    throw new ExpError(
      'EXP_USAGE',
      '--print-config shows the config and --dry-run the plan. Leave one out.',
    );
  }
  checkDetached(flags);
  checkSweepFlags(flags);
  if (flags.objective !== undefined && flags.exec === undefined) {
    throw new ExpError(
      'EXP_USAGE',
      '--objective is for --exec: an experiment says itself what it is judged by.',
    );
  }
}

/** What runs in the background is looked at later. */
function checkDetached({ detach, printConfig, saveConfig, dryRun, ghost }: RunFlags): void {
  if (detach !== true) return;
  const other = [
    printConfig === true && '--print-config',
    saveConfig !== undefined && '--save-config',
    dryRun === true && '--dry-run',
    ghost === true && '--ghost',
    isGhostEnvironment() && 'EXP_GHOST',
  ].find((name) => name !== false);
  if (other === undefined) return;
  const text = `--detach is for what runs in the background and is kept, not for ${other}.`;
  throw new ExpError('EXP_USAGE', `${text} Leave one out.`);
}

/**
 * The absolute path of the user's file.
 * @throws {ExpError} EXP_USAGE if it is not there.
 */
export function userFile(given: string, commands: readonly string[]): string {
  const file = resolve(given);
  if (existsSync(file) && statSync(file).isFile()) return file;
  if (existsSync(file) && statSync(file).isDirectory()) {
    throw new ExpError('EXP_USAGE', `"${given}" is a directory. Name a file in it.`);
  }
  if (extname(given) !== '') {
    throw new ExpError('EXP_USAGE', `There is no file "${given}" in "${process.cwd()}".`);
  }
  const hint = suggest(given, commands);
  throw new ExpError('EXP_USAGE', `"${given}" is neither a file nor a command. ${hint}`);
}
