import { Command } from 'commander';
import { addRunFlags } from './run-options.ts';
import type { ResumeFlags } from './resume.ts';

/** Adds the commands about sweeps that are there already. */
export function addSweepCommands(program: Command, setExitCode: (code: number) => void): void {
  going(program.command('resume').argument('<sweep>'), 'run what is missing of a sweep')
    .option('--failed', 'run the failed ones again, too')
    .action(async (name: string, flags: ResumeFlags) => {
      const { resume } = await import('./resume.ts');
      setExitCode(await resume(name, flags));
    });
}

/** The flags of `run-exp FILE` that say how runs are executed, not which. */
const EXECUTION: readonly string[] = [
  '--slots',
  '--affinity',
  '--fail-fast',
  '--retries',
  '--timeout',
  '--root',
  '--quiet',
  '--verbose',
];

/** Gives a command that goes on with a sweep what all of them have. */
function going(command: Command, description: string): Command {
  command.description(description).helpOption('-h, --help', 'show this help');
  for (const option of addRunFlags(new Command()).options) {
    if (EXECUTION.includes(option.long ?? '')) command.addOption(option);
  }
  return command;
}
