import { ExpError, messageOf } from './errors.ts';
import { jsonLine } from './json.ts';
import { fillIn } from './placeholders.ts';

/** A command: text for the shell, or the words of a program, which may have `{status}` and the like. */
export type HookCommand = string | readonly string[];

/** What is done around the main of a run: a function of the run, or a command. */
export type Hook<Run> = ((run: Run) => unknown) | HookCommand;

/** What is done before main, after every ending, and after one that is a failure. */
export interface HooksOf<Run> {
  /** Before main; if it fails main is not called, and the run has failed. */
  readonly before?: Hook<Run>;
  /** After main, however it ended, before the files of the run are closed. */
  readonly after?: Hook<Run>;
  /** After `after`, where the run is `failed` or `timeout`. */
  readonly onFailure?: Hook<Run>;
  /** The longest one of them may take, in seconds. Default 60. */
  readonly hookTimeout?: number;
}

/** The names of hooks. */
export type HookName = 'before' | 'after' | 'onFailure';

/** The commands of a run that whoever sees its process die has to start. */
export interface HookCommands {
  readonly after?: HookCommand;
  readonly onFailure?: HookCommand;
}

/** What commands are told of their run. */
export interface HookFacts {
  readonly id: string;
  readonly dir: string;
  readonly experiment: string;
  readonly status: string;
  /** Why the run did not complete; empty where it did. */
  readonly error: string;
}

/** The environment of a hook's command. */
export function hookEnvironment(facts: HookFacts): Readonly<Record<string, string>> {
  const { id, dir, experiment, status, error } = facts;
  return {
    EXP_RUN_ID: id,
    EXP_RUN_DIR: dir,
    EXP_EXPERIMENT: experiment,
    EXP_STATUS: status,
    EXP_ERROR: passable(error),
  };
}

/** More than this the system does not take in one word of a command. */
const MOST_CHARACTERS = 10_000;

/** A text that a process can be given, whatever an error has in its message. */
function passable(text: string): string {
  return text.slice(0, MOST_CHARACTERS).replaceAll('\0', '');
}

/** The words of a command with `{run_id} {run_dir} {experiment} {status} {error}` filled in. */
export function hookWords(words: readonly string[], facts: HookFacts): string[] {
  const { id, dir, experiment, status, error } = facts;
  const values = { run_id: id, run_dir: dir, experiment, status, error: passable(error) };
  const valueOf = (name: string): string | undefined =>
    Object.hasOwn(values, name) ? values[name as keyof typeof values] : undefined;
  return words.map((word) => fillIn(word, valueOf, Object.keys(values)));
}

/** True for a hook that is a command. */
export function isCommand(hook: unknown): hook is HookCommand {
  return typeof hook === 'string' || Array.isArray(hook);
}

/** What is wrong with a hook, in words that follow "must be"; `undefined` for a good one. */
export function mistakeInHook(hook: unknown): string | undefined {
  if (typeof hook === 'function') return undefined;
  const words: readonly unknown[] = Array.isArray(hook) ? hook : [hook];
  const isText = words.length > 0 && words.every((word) => typeof word === 'string');
  if (isText && words[0]!.trim() !== '') return undefined;
  return 'a function, a command for the shell, or a list of words';
}

/** Which placeholder of a hook's words stands for nothing; `undefined` where all are known. */
export function mistakeInWords(hook: unknown): string | undefined {
  if (!Array.isArray(hook)) return undefined;
  try {
    hookWords(hook as string[], { id: '', dir: '', experiment: '', status: '', error: '' });
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

const NAMES = ['before', 'after', 'onFailure'] as const;

/** @throws {ExpError} EXP_USAGE for hooks that are none, unknown placeholders, and a bad time limit. */
export function checkHooks(hooks: HooksOf<never>): void {
  for (const name of NAMES) {
    const hook = hooks[name];
    if (hook === undefined) continue;
    const mistake = mistakeInHook(hook);
    if (mistake !== undefined) {
      throw new ExpError('EXP_USAGE', `${name} must be ${mistake}, got ${jsonLine(hook)}.`);
    }
    const unknown = mistakeInWords(hook);
    if (unknown !== undefined) {
      throw new ExpError('EXP_USAGE', `${name} cannot be filled in: ${unknown}`);
    }
  }
  const { hookTimeout: limit = 1 } = hooks;
  if (typeof limit === 'number' && limit > 0) return;
  throw new ExpError(
    'EXP_USAGE',
    `hookTimeout must be a number of seconds above 0, got ${jsonLine(limit)}.`,
  );
}

/** The hooks among other options; those that are not given are left out. */
export function pickHooks<Run>(options: HooksOf<Run>): HooksOf<Run> {
  const { before, after, onFailure, hookTimeout } = options;
  return {
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(onFailure !== undefined && { onFailure }),
    ...(hookTimeout !== undefined && { hookTimeout }),
  };
}

/** Those hooks that are commands and are due once main is over; `undefined` if there are none. */
export function commandsOf({ after, onFailure }: HooksOf<never>): HookCommands | undefined {
  const commands = {
    ...(isCommand(after) && { after }),
    ...(isCommand(onFailure) && { onFailure }),
  };
  return Object.keys(commands).length === 0 ? undefined : commands;
}

/** True for endings that `onFailure` is for. */
export function isFailure(status: string): boolean {
  return status === 'failed' || status === 'timeout';
}
