import { accessSync, constants, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { ConfigSchema } from '../config/schema.ts';
import { splitOverride } from '../config/override.ts';
import { ExpError } from '../core/errors.ts';
import type { Objective } from '../core/objective.ts';
import { isExperimentName } from '../core/run-id.ts';
import { define, type Definition } from '../experiment/definition.ts';
import { isOnPath } from '../provenance/on-path.ts';

/** Any program that runs are made of. */
export interface Program {
  /** The command, with placeholders: `{lr}`. */
  readonly words: readonly string[];
  /** Absolute path of the directory it starts in. */
  readonly cwd: string;
  /** Names the experiment its runs belong to. Default: the base name of its script, or of itself. */
  readonly name?: string;
  /** A column of its `progress.csv`. */
  readonly objective?: Objective;
}

/**
 * A program as an experiment that takes keys of any name.
 * @param overrides whose keys it knows, so that they can be set.
 * @throws {ExpError} EXP_USAGE for a program that is not there, EXP_EXPERIMENT for a bad name.
 */
export function definitionOfProgram(
  { words, cwd, name, objective }: Program,
  overrides: readonly string[],
): Definition {
  const [file = ''] = words;
  if (!isThere(file, cwd)) {
    throw new ExpError('EXP_USAGE', `There is no program "${file}", on the PATH or in "${cwd}".`);
  }
  const options = {
    name: name ?? nameOf(words, cwd),
    ...(objective !== undefined && { objective }),
  };
  const where = `The program "${words.join(' ')}"`;
  const definition = define(where, options, new Map([['main', () => undefined]]));
  // Afterwards: keys that no experiment may have, since they are captured by name, are fine here.
  return { ...definition, schema: openSchema(overrides.map((text) => splitOverride(text).path)) };
}

function isThere(file: string, cwd: string): boolean {
  // What a placeholder stands for differs between runs.
  if (file.includes('{')) return true;
  if (!file.includes('/')) return isOnPath(file);
  try {
    accessSync(resolve(cwd, file), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `train` for `python train.py --lr {lr}`; `trainer` for `./bin/trainer -v`. */
function nameOf(words: readonly string[], cwd: string): string {
  const [program = ''] = words;
  const script = words.find((word) => isScript(word, cwd)) ?? program;
  const name = basename(script)
    .replace(/\.[A-Za-z]\w{0,3}$/, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 100);
  return isExperimentName(name) ? name : 'program';
}

/** The files among the words of a command: its script, a settings file. */
export function filesOf({ words, cwd }: Program): string[] {
  return words
    .filter((word) => /[./]/.test(word) && !/[{}]/.test(word))
    .map((word) => resolve(cwd, word))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

function isScript(word: string, cwd: string): boolean {
  if (/^-|[{}]/.test(word) || !/[^/]\.[A-Za-z]\w{0,3}$/.test(word)) return false;
  return statSync(resolve(cwd, word), { throwIfNoEntry: false })?.isFile() === true;
}

/** A schema that takes anything, and declares some keys. */
function openSchema(paths: readonly (readonly string[])[]): ConfigSchema {
  const described = (inside: readonly (readonly string[])[]): Record<string, unknown> => {
    const names = [...new Set(inside.flatMap(([name]) => name ?? []))];
    const properties = names.map((name) => {
      const below = inside.filter(([first]) => first === name).map((path) => path.slice(1));
      const isSection = below.some((path) => path.length > 0);
      return [name, isSection ? described(below) : {}];
    });
    return {
      type: 'object',
      properties: Object.fromEntries(properties),
      additionalProperties: true,
    };
  };
  return {
    '~standard': {
      version: 1,
      vendor: 'exptools',
      validate: (value) => ({ value }),
      jsonSchema: { input: () => described(paths.filter(([name]) => name !== 'seed')) },
    },
  };
}
