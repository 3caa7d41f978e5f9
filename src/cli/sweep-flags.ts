import { InvalidArgumentError, Option, type Command } from 'commander';
import { ExpError } from '../core/errors.ts';
import { wholeFrom } from './flag-values.ts';
import { debugPick, launcherOf, type LauncherFlags } from './launcher-flag.ts';
import { TABLE_FORMATS, type TableFormat } from './table-format.ts';

/** The flags of `run-exp FILE` that are about sweeps. */
export interface SweepFlags extends LauncherFlags {
  readonly sweep?: boolean;
  readonly repeats?: number;
  readonly axes?: string;
  readonly samples?: number;
  readonly slots?: number;
  readonly affinity?: string;
  readonly failFast?: boolean;
  readonly dryRun?: boolean;
  readonly table?: TableFormat;
  readonly json?: boolean;
}

const MAX_SAMPLES = 100_000;

/** Adds the flags that are about sweeps to a command. */
export function addSweepFlags(command: Command): Command {
  return command
    .option('--sweep', 'run every variant: those the code declares, or key=value,value on the line')
    .option('--axes <file>', 'sweep over what a YAML or JSON file lists: axes, levels, exclude')
    .option('--repeats <n>', 'runs of every variant, each with a seed of its own', wholeFrom(1))
    .option('--samples <n>', 'random points to draw from intervals: lr=interval(0,1)', samples)
    .option(
      '--slots <n>',
      'runs at once, with even shares of the machine (default: one a core)',
      wholeFrom(1),
    )
    .option(
      '--affinity <spec>',
      'what a run needs: auto (default), cores=2,gpus=1, none; see run-exp slots',
    )
    .option(
      '--launcher <name>',
      'local: a process per run; debug: all in this one (default: local)',
    )
    .option('--debug', 'as --launcher debug: breakpoints hold, output is not redirected')
    .option('--debug-pick <n>', 'debug run n of the plan, or a random one', debugPick)
    .option('--fail-fast', 'stop the sweep when a run fails')
    .addOption(tableOption('the variants at the end, on stdout, as this'))
    .option('--dry-run', 'print the plan of the sweep; run and write nothing');
}

/** The flag that chooses what the table of variants is written as. */
export function tableOption(description: string): Option {
  return new Option('--table <format>', description).choices(TABLE_FORMATS);
}

/**
 * Refuses flags of sweeps where there is none.
 * @throws {ExpError} EXP_USAGE
 */
export function checkSweepFlags(flags: SweepFlags): void {
  launcherOf(flags);
  checkTogether(flags);
  if (flags.dryRun === true && flags.debugPick !== undefined) {
    throw new ExpError('EXP_USAGE', '--dry-run shows the whole plan. Leave out --debug-pick.');
  }
  if (flags.sweep === true) return;
  const flag = [
    flags.repeats !== undefined && '--repeats',
    flags.axes !== undefined && '--axes',
    flags.samples !== undefined && '--samples',
    flags.slots !== undefined && '--slots',
    flags.affinity !== undefined && '--affinity',
    flags.debugPick !== undefined && '--debug-pick',
    flags.failFast === true && '--fail-fast',
    flags.table !== undefined && '--table',
    flags.dryRun === true && '--dry-run',
  ].find((name) => name !== false);
  if (flag !== undefined) {
    throw new ExpError('EXP_USAGE', `${flag} is for sweeps. Add --sweep, or leave it out.`);
  }
}

/**
 * Refuses flags that a sweep cannot follow together, be it a new one or one that goes on.
 * @throws {ExpError} EXP_USAGE
 */
export function checkTogether({ table, json, dryRun, detach }: SweepFlags): void {
  const wrong = [
    table !== undefined && json === true && '--table and --json both write to stdout.',
    table !== undefined && dryRun === true && '--table is of results, and --dry-run has none.',
    table !== undefined &&
      detach === true &&
      '--table is printed at the end, which --detach does not wait for: see run-exp report.',
    dryRun === true && detach === true && '--dry-run leaves nothing for --detach to run.',
  ].find((text) => text !== false);
  if (wrong !== undefined) throw new ExpError('EXP_USAGE', `${wrong} Leave one out.`);
}

function samples(text: string): number {
  const value = wholeFrom(1)(text);
  if (value <= MAX_SAMPLES) return value;
  throw new InvalidArgumentError(`It must be at most ${MAX_SAMPLES}.`);
}
