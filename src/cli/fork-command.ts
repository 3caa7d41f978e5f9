import { Command } from 'commander';
import { ExpError } from '../core/errors.ts';
import type { ForkFlags } from './fork.ts';
import { addRunFlags } from './run-flags.ts';

/** The flags of `run-exp FILE` that a fork has, too. */
const SHARED: readonly string[] = [
  '--seed',
  '--name',
  '--comment',
  '--tag',
  '--push',
  '--drop-without-results',
  '--sinks',
  '--system-metrics',
  '--checkpoint',
  '--grace',
  '--timeout',
  '--retries',
  '--root',
  '--quiet',
  '--verbose',
];

/** Adds the command that starts a run from another one's checkpoint. */
export function addFork(program: Command, setExitCode: (code: number) => void): void {
  const command = program
    .command('fork')
    .argument('<run>')
    .argument('[key=value...]')
    .description("start a new run from another one's checkpoint, with changed settings")
    .option('--at <step>', 'the step of the checkpoint (default: the newest)', wholeStep)
    .option('--keep <keys>', "keys that stay as the code has them, not as that run's: lr,net.width")
    .option('--no-curves', 'take the state alone: curves begin anew')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', HELP)
    .action(async (name: string, words: string[], flags: ForkFlags) => {
      const { fork } = await import('./fork.ts');
      setExitCode(await fork(name, words, flags));
    });
  for (const option of addRunFlags(new Command()).options) {
    if (option.long === '--seed') option.description = 'root seed (default: that of the other run)';
    if (SHARED.includes(option.long ?? '')) command.addOption(option);
  }
}

function wholeStep(text: string): number {
  const step = Number(text);
  if (Number.isSafeInteger(step) && text.trim() !== '') return step;
  throw new ExpError('EXP_USAGE', `--at takes a whole number, got "${text}".`);
}

const HELP = `
Its config is that of the other run; --keep, config files (with=), named configs
and overrides win, in this order. The code restores the state by run.restore().`;
