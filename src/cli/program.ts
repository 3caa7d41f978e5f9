import { Command, CommanderError } from 'commander';
import { ExpError, isExpError } from '../core/errors.ts';
import { VERSION } from '../core/version.ts';
import { errorText } from '../worker/error-text.ts';
import { addFork } from './fork-command.ts';
import { addCodeCommands } from './code-commands.ts';
import { addLookingBack } from './looking-back.ts';
import { addMachineCommands } from './machine-commands.ts';
import { addSweepCommands } from './sweep-commands.ts';
import { addRunFlags, userFile, type RunFlags } from './run-flags.ts';

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
    // Short enough that descriptions are wrapped beside them.
    .configureHelp({ subcommandTerm: commandTerm })
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
      if (flags.exec !== undefined && flags.help !== true) {
        const { runProgram } = await import('./run-program.ts');
        const all = given === undefined ? words : [given, ...words];
        setExitCode(await runProgram(all, { ...flags, exec: flags.exec }));
        return;
      }
      if (given === undefined) {
        if (flags.help !== true && Object.keys(flags).length > 0) {
          const text = 'There is no file to run: run-exp FILE [flags]. run-exp --help says more.';
          throw new ExpError('EXP_USAGE', text);
        }
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

  addLookingBack(program);
  addCodeCommands(program);
  addMachineCommands(program);
  addSweepCommands(program, setExitCode);
  addFork(program, setExitCode);
  return program;
}

/** `extend <sweep> [key=values...]`. */
function commandTerm(command: Command): string {
  const words = command.registeredArguments.map((argument) => {
    const name = argument.name() + (argument.variadic ? '...' : '');
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...words].join(' ');
}

// The command behind a bare file has a name for the parser alone.
function runHelp(run: Command): string {
  return run.helpInformation().replace('run-exp run ', 'run-exp ');
}

const NAMING = `\
A run or sweep is named by its id, a unique part of it, or its path; "last" is
the newest.
`;

function generalHelp(program: Command, run: Command): string {
  const flags = run.helpInformation().replace(/^[^]*?\nOptions:/, 'Flags of run-exp FILE:');
  return `${program.helpInformation()}\n${flags}\n${NAMING}`;
}
