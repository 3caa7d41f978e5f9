import { configHash } from '../config/hash.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { planRun, planSweep } from '../experiment/plan.ts';
import {
  planExtension,
  type ExtensionRequest,
  type PlannedExtension,
} from '../experiment/plan-extension.ts';
import type { RunRequest } from '../experiment/requests.ts';
import type { SlotFlags } from '../slots/choose-slots.ts';
import { ExecLauncher } from '../launch/exec-launcher.ts';
import { programCall } from '../launch/program-variables.ts';
import { codeFiles } from '../provenance/code-files.ts';
import { definitionOfProgram, filesOf, type Program } from './program.ts';
import { slotSource, type Runner } from './runner.ts';

/**
 * A program in place of an experiment's code, a process for every run.
 * @throws {ExpError} EXP_USAGE for needs that cannot be read.
 */
export function execRunner(program: Program, flags: SlotFlags): Runner {
  return {
    plan: async (request) => {
      const definition = definitionOfProgram(program, request.overrides ?? []);
      const planned = await planSweep(definition, { ...request, sinks: [] });
      return { ...planned, runs: planned.runs.map((spec) => ofProgram(spec, program)) };
    },
    code: () => codeFiles(filesOf(program)),
    ...slotSource(flags),
    launcher: new ExecLauncher(),
  };
}

/**
 * Plans a single run of a program.
 * @throws {ExpError} as planning does, EXP_USAGE for a program that is not there or a placeholder that
 *   stands for nothing.
 */
export async function planProgram(program: Program, request: RunRequest): Promise<RunSpec> {
  const definition = definitionOfProgram(program, request.overrides ?? []);
  return ofProgram(await planRun(definition, { ...request, sinks: [] }), program);
}

/**
 * Plans more runs of a sweep over a program.
 * @throws {ExpError} as planning an extension does.
 */
export async function planMoreOf(
  program: Program,
  extension: ExtensionRequest,
): Promise<PlannedExtension> {
  const { request } = extension;
  const definition = definitionOfProgram(program, request.overrides ?? []);
  const planned = await planExtension(definition, {
    ...extension,
    request: { ...request, sinks: [] },
  });
  return { ...planned, runs: planned.runs.map((spec) => ofProgram(spec, program)) };
}

function ofProgram(spec: RunSpec, { words, cwd }: Program): RunSpec {
  const made = { ...spec, configHash: hashOf(spec, words), program: { words, cwd } };
  // What it cannot fill in is said before anything starts.
  programCall(made, { index: 0, cpus: [] });
  return made;
}

/** A run of a program with more words behind its command, and a directory of its own to log to. */
export function withOwn(
  spec: RunSpec,
  { words = [], logDir }: { readonly words?: readonly string[]; readonly logDir?: string },
): RunSpec {
  if (spec.program === undefined) return spec;
  return {
    ...spec,
    ...(words.length > 0 && { configHash: hashOf(spec, words) }),
    program: {
      ...spec.program,
      words: [...spec.program.words, ...words],
      ...(logDir !== undefined && { logDir }),
    },
  };
}

/** Equal values of different commands are different runs. */
function hashOf({ configHash: hash }: RunSpec, words: readonly string[]): string {
  return configHash({ config: hash, words });
}
