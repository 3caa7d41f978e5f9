import { Command, CommanderError } from 'commander';
import { isExpError } from '../core/errors.ts';
import { VERSION } from '../core/version.ts';
import { logs, type LogsFlags } from './logs.ts';
import { ls, type LsFlags } from './ls.ts';
import { runRoot } from './project.ts';
import { ps } from './ps.ts';
import { errorText } from './report-error.ts';
import { addRunFlags, ROOT_FLAG, userFile, wholeFrom, type RunFlags } from './run-options.ts';
import { show, type ShowFlags } from './show.ts';
import type { SlotsFlags } from './slots.ts';
import { stop } from './stop.ts';

/** Runs the command line and returns its exit code: 0 done, 1 a run failed, 2 wrong usage, 130 interrupted. */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = buildProgram((code) => (exitCode = code));
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    process.stderr.write(errorText(error, argv.includes('--verbose')));
    return isExpError(error) && error.code !== 'EXP_LAUNCH' ? 2 : 1;
  }
}

function buildProgram(setExitCode: (code: number) => void): Command {
  const program = new Command('run-exp')
    .description('Run experiments, sweep over their settings, and look back at what came out.')
    .usage('FILE [key=value...] [flags]   or: run-exp <command>')
    .version(VERSION)
    .helpOption(false)
    .exitOverride()
    .showSuggestionAfterError();

  const run = addRunFlags(
    program
      .command('run', { isDefault: true, hidden: true })
      .argument('[file]')
      .argument('[words...]'),
  )
    .helpOption(false)
    .usage('FILE [command] [key=value...] [flags]')
    .action(async (given: string | undefined, words: string[], flags: RunFlags) => {
      const commands = program.commands
        .map((command) => command.name())
        .filter((name) => name !== 'run');
      if (given === undefined) {
        process[flags.help === true ? 'stdout' : 'stderr'].write(generalHelp(program, run));
        setExitCode(flags.help === true ? 0 : 2);
        return;
      }
      const file = userFile(given, commands);
      // Loaded when asked for: commands that look back need not wait for what runs experiments.
      if (flags.help === true) {
        const { fileHelp } = await import('./file-help.ts');
        process.stdout.write(`${await fileHelp(file, flags)}\n${runHelp(run)}`);
        return;
      }
      const { runFile } = await import('./run-file.ts');
      setExitCode(await runFile(file, words, flags));
    });

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
  looking(program.command('logs').argument('<run>'), 'print what a run has printed')
    .option('-f, --follow', 'go on until the run is over')
    .action((name: string, flags: LogsFlags) => logs(name, flags));
  looking(program.command('ps'), 'list what is running').action((flags: LookFlags) => ps(flags));
  looking(program.command('stop').argument('<run-or-sweep>'), 'stop a run or a sweep').action(
    (name: string, flags: LookFlags) => stop(name, flags),
  );
  addSlots(program);
  addSetUp(program);
  return program;
}

function addSlots(program: Command): void {
  program
    .command('slots')
    .description('show this machine, and how runs would share its CPUs and GPUs')
    .option(
      '--affinity <spec>',
      'auto, none, cores=2,gpus=1,share=2,..., or an affinity code',
      'auto',
    )
    .option('--json', 'print JSON')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', AFFINITY_HELP)
    .action(async (flags: SlotsFlags) => {
      const { slots } = await import('./slots.ts');
      slots(flags);
    });
}

const AFFINITY_HELP = `
What runs need, as in --affinity cores=2,gpus=1,share=2:
  cores=N    whole cores per run       gpus=N     GPUs per run
  slots=N    runs at once              share=N    runs that share each GPU
  reserve=N  cores that no run gets    sockets=N  only the first sockets`;

function addSetUp(program: Command): void {
  program
    .command('setup-tfjs-node')
    .argument('[dir]')
    .description('build the native engine of TensorFlow.js (Linux x86_64; 210 MB to download)')
    .helpOption('-h, --help', 'show this help')
    .action(async (dir: string | undefined) => {
      const { setUpTfjsNode } = await import('./setup-tfjs-node.ts');
      setUpTfjsNode(dir);
    });
}

/** The flags that the commands that look back have in common. */
interface LookFlags {
  readonly root: string;
  readonly json?: boolean;
}

/** Gives a command that looks back what all of them have. */
function looking(command: Command, description: string): Command {
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

// The command behind a bare file has a name for the parser alone.
function runHelp(run: Command): string {
  return run.helpInformation().replace('run-exp run ', 'run-exp ');
}

function generalHelp(program: Command, run: Command): string {
  const flags = run.helpInformation().replace(/^[^]*?\nOptions:/, 'Flags of run-exp FILE:');
  return `${program.helpInformation()}\n${flags}\nA run or sweep is named by its id, a unique part of it, or its path; "last" is the newest.\n`;
}
