import { Command } from 'commander';
import { wholeFrom } from './flag-values.ts';
import { addRunFlags, type ResumeFlags } from './run-flags.ts';

/** Adds the commands about sweeps that are there already. */
export function addSweepCommands(program: Command, setExitCode: (code: number) => void): void {
  going(
    program.command('resume').argument('<run-or-sweep>'),
    'go on with a run from its checkpoint, or run what is missing of a sweep',
    ['--checkpoint', '--grace'],
  )
    .option('--failed', 'of a sweep: run the failed ones again, too')
    .option('--step <n>', 'of a run: go on from its checkpoint of this step', wholeFrom(0))
    .option('--dry-run', 'of a run: say from where it would go on; run and write nothing')
    .option('--start-over', 'of a run: leave its checkpoints aside')
    .option('--allow-changes', 'go on though config or code has changed since')
    .action(async (name: string, flags: ResumeFlags) => {
      const { resume } = await import('./resume.ts');
      setExitCode(await resume(name, flags));
    });
  going(
    program.command('extend').argument('<sweep>').argument('[key=values...]'),
    'give a sweep new values, more repeats or samples, and run them',
    ['--repeats', '--samples', '--dry-run'],
  )
    .option('--failed', 'run the failed ones again, too')
    .addHelpText('after', '\n--repeats and --samples say how many there are to be in all.')
    .action(async (name: string, values: string[], flags: ResumeFlags) => {
      const { extend } = await import('./extend.ts');
      setExitCode(await extend(name, values, flags));
    });
}

/** The flags of `run-exp FILE` that say how runs are executed, not which. */
const EXECUTION: readonly string[] = [
  '--slots',
  '--affinity',
  '--fail-fast',
  '--retries',
  '--timeout',
  '--detach',
  '--root',
  '--table',
  '--json',
  '--quiet',
  '--verbose',
];

/** Gives a command that goes on with a sweep what all of them have. */
function going(command: Command, description: string, more: readonly string[] = []): Command {
  command.description(description).helpOption('-h, --help', 'show this help');
  for (const option of addRunFlags(new Command()).options) {
    const name = option.long ?? '';
    if (EXECUTION.includes(name) || more.includes(name)) command.addOption(option);
  }
  return command;
}
