import type { CommandLine } from '../core/environment.ts';
import { jsonLine } from '../core/json.ts';
import { processState } from '../core/process-state.ts';
import { redactWords } from '../core/redact.ts';

/** How a process that exptools starts learns what the user has typed. */
const VARIABLE = 'EXP_COMMAND_LINE';

const state = processState('command-line', (): { line?: CommandLine } => ({}));

/**
 * The command line the user has typed, in this process or in the one that started it for us; secrets
 * are left out. The first call takes it out of the environment, where it is none of the code's.
 */
export function commandLine(): CommandLine {
  return (state.line ??= handedDown() ?? own());
}

/** What to add to the environment of a process that works on this command line. */
export function commandLineVariable(): Record<string, string> {
  return { [VARIABLE]: jsonLine(commandLine()) };
}

function handedDown(): CommandLine | undefined {
  const text = process.env[VARIABLE];
  delete process.env[VARIABLE];
  try {
    return text === undefined ? undefined : (JSON.parse(text) as CommandLine);
  } catch {
    // not ours
    return undefined;
  }
}

function own(): CommandLine {
  return { argv: redactWords(process.argv), cwd: process.cwd() };
}
