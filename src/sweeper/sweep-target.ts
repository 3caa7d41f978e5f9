import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ExpError } from '../core/errors.ts';
import type { Definition } from '../experiment/definition.ts';
import {
  definitionOf,
  directoryOfDefinition,
  fileOfDefinition,
  hasOwnExperiment,
  selectExperiment,
} from '../experiment/registry.ts';
import type { Runnable } from '../run/run.ts';
import { withProject } from '../experiment/with-project.ts';
import { badCommand, splitWords } from '../launch/split-words.ts';
import { literal } from '../core/placeholders.ts';
import type { Project } from '../project/project-config.ts';
import { loadProject } from '../project/load-project.ts';
import { execRunner } from './exec-runner.ts';
import { localRunner, type Runner, type Subject } from './runner.ts';
import type { FileSweepOptions, ProgramSweepOptions, ProgramTarget } from './sweep-options.ts';

/** What a sweep is of, in its project. */
export interface Target {
  readonly project: Project;
  readonly runner: Runner;
  /** The file that runs load; none for programs. */
  readonly file?: string;
}

/** @throws {ExpError} as loading and planning do, EXP_EXPERIMENT for code whose file is not known. */
export async function experimentTarget(
  target: string | Runnable<unknown>,
  options: FileSweepOptions,
): Promise<Target> {
  const { launcher = 'local', ghost = false, experiment } = options;
  const slots = slotFlags(options);
  if (launcher === 'debug') {
    const { definition, project } = await loaded(target, experiment);
    // Loaded on demand: other sweeps never execute the user's code in this process.
    const { debugRunner } = await import('./debug-runner.ts');
    const file = typeof target === 'string' ? resolve(target) : fileOfDefinition(definition);
    const runner = debugRunner(withProject(definition, project), slots);
    return { project, runner, ...(file !== undefined && { file }) };
  }
  const subject = subjectOf(target, experiment);
  const project = await loadProject(dirname(subject.file));
  const runner = localRunner(subject, {
    verbose: false,
    ghost,
    flags: slots,
    ...(project.file !== undefined && { projectFile: project.file }),
  });
  return { project, runner, file: subject.file };
}

/** @throws {ExpError} EXP_USAGE for a command that is none. */
export async function programTarget(
  { exec, name, cwd = process.cwd(), objective }: ProgramTarget,
  options: ProgramSweepOptions,
): Promise<Target> {
  const words = typeof exec === 'string' ? splitWords(exec) : exec;
  if (words.length === 0) throw badCommand('', 'it has no words.');
  const program = {
    words: [...words, ...(options.commonArgs ?? []).map(literal)],
    cwd: resolve(cwd),
    ...(name !== undefined && { name }),
    ...(objective !== undefined && { objective }),
  };
  const project = await loadProject(program.cwd);
  return { project, runner: execRunner(program, slotFlags(options)) };
}

function subjectOf(target: string | Runnable<unknown>, experiment?: string): Subject {
  if (typeof target === 'string') {
    return { file: fileAt(target), ...(experiment !== undefined && { experiment }) };
  }
  const definition = definitionOf(target);
  const file = fileOfDefinition(definition);
  if (file !== undefined) return { file, experiment: definition.name };
  throw new ExpError(
    'EXP_EXPERIMENT',
    `The file that defines "${definition.name}" is not known. Give runSweep its path, or launcher: 'debug'.`,
  );
}

/** An experiment in this process. */
async function loaded(
  target: string | Runnable<unknown>,
  experiment: string | undefined,
): Promise<{ definition: Definition; project: Project }> {
  if (typeof target !== 'string') {
    const definition = definitionOf(target);
    return { definition, project: await loadProject(directoryOfDefinition(definition)) };
  }
  const file = fileAt(target);
  const project = await loadProject(dirname(file));
  // A file that sweeps its own experiment would wait for itself to load.
  if (hasOwnExperiment(file))
    return { definition: selectExperiment(file, [], experiment), project };
  const { loadExperiment } = await import('../worker/load-experiment.ts');
  return { definition: await loadExperiment(file, experiment), project };
}

/** The absolute path of a file. @throws {ExpError} EXP_USAGE if it is not there. */
function fileAt(path: string): string {
  const file = resolve(path);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) return file;
  throw new ExpError('EXP_USAGE', `There is no file "${path}" in "${process.cwd()}".`);
}

function slotFlags({ slots, affinity }: FileSweepOptions): { slots?: number; affinity?: string } {
  return { ...(slots !== undefined && { slots }), ...(affinity !== undefined && { affinity }) };
}
