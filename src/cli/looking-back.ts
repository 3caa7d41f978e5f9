import type { Command } from 'commander';
import { wholeFrom } from './flag-values.ts';
import { logs, type LogsFlags } from './logs.ts';
import { ls, type LsFlags } from './ls.ts';
import { runRoot } from './project.ts';
import { ps } from './ps.ts';
import { ROOT_FLAG } from './run-flags.ts';
import type { ReportFlags } from './report.ts';
import { show, type ShowFlags } from './show.ts';
import { stop } from './stop.ts';
import { tableOption } from './sweep-flags.ts';

/** Adds the commands that look at what is kept and what runs. */
export function addLookingBack(program: Command): void {
  looking(
    program.command('ls').argument('[filters...]'),
    'list runs; filter by experiment or key=value',
  )
    .option('--status <status>', 'only runs with this status')
    .option('--sweep <sweep>', 'only runs of this sweep')
    .option('--limit <n>', 'at most so many, the newest', wholeFrom(1), 50)
    .action((words: string[], flags: LsFlags) => ls(words, flags));
  looking(program.command('show').argument('<run>'), 'show a run: config, origins, metrics, files')
    .option('--unused', 'only the config keys that nothing has read')
    .action((name: string, flags: ShowFlags) => show(name, flags));
  looking(
    program.command('report').argument('<sweep>'),
    'show what the variants of a sweep came to, finished or under way',
  )
    .addOption(tableOption('print just the table, all of it, as this'))
    .action(async (name: string, flags: ReportFlags) => {
      const { reportSweep } = await import('./report.ts');
      await reportSweep(name, flags);
    });
  looking(
    program.command('logs').argument('<run-or-sweep>'),
    'print what a run has printed, or a sweep in the background',
  )
    .option('-f, --follow', 'go on until it is over')
    .action((name: string, flags: LogsFlags) => logs(name, flags));
  looking(program.command('ps'), 'list what is running').action((flags: LookFlags) => ps(flags));
  looking(program.command('stop').argument('<run-or-sweep>'), 'stop a run or a sweep').action(
    (name: string, flags: LookFlags) => stop(name, flags),
  );
}

/** The flags that the commands that look back have in common. */
interface LookFlags {
  readonly root: string;
  readonly json?: boolean;
}

/** Gives a command about runs that are kept what all of them have: `--root`, `--json`, help. */
export function looking(command: Command, description: string): Command {
  return command
    .description(description)
    .option(...ROOT_FLAG)
    .option('--json', 'print JSON')
    .helpOption('-h, --help', 'show this help')
    .hook('preAction', async () => {
      const { root } = command.opts<{ root?: string }>();
      command.setOptionValue('root', await runRoot(root));
    });
}
