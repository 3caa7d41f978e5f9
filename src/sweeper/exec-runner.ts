import { configHash } from '../config/hash.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { planRun, planSweep, type PlannedSweep } from '../experiment/plan.ts';
import type { RunRequest, SweepRequest } from '../experiment/requests.ts';
import { slotChooser, type SlotFlags } from '../launch/choose-slots.ts';
import { ExecLauncher } from '../launch/exec-launcher.ts';
import { programCall } from '../launch/program-variables.ts';
import { definitionOfProgram, type Program } from './program.ts';
import type { Runner } from './runner.ts';

/** The arguments and the log directories of the variants of a sweep, in their order. */
export interface PerVariant {
  /** Words to add to the command. */
  readonly words?: readonly (readonly string[])[];
  /** Absolute paths. */
  readonly logDirs?: readonly string[];
}

/**
 * A program in place of an experiment's code, a process for every run.
 * @throws {ExpError} EXP_USAGE for needs that cannot be read.
 */
export function execRunner(
  program: Program,
  flags: SlotFlags,
  perVariant: (sweepId: string) => PerVariant = () => ({}),
): Runner {
  return {
    plan: (request) => planProgramSweep(program, request, perVariant),
    chooseSlots: slotChooser(flags),
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

async function planProgramSweep(
  program: Program,
  request: SweepRequest,
  perVariant: (sweepId: string) => PerVariant,
): Promise<PlannedSweep> {
  const definition = definitionOfProgram(program, request.overrides ?? []);
  const planned = await planSweep(definition, { ...request, sinks: [] });
  const { words = [], logDirs = [] } = perVariant(planned.id);
  const runs = planned.runs.map((spec) => {
    const { variantIndex } = spec.sweep!;
    return ofProgram(spec, program, words[variantIndex], logDirs[variantIndex]);
  });
  return { ...planned, runs };
}

function ofProgram(
  spec: RunSpec,
  { words: shared, cwd }: Program,
  own: readonly string[] = [],
  logDir?: string,
): RunSpec {
  const words = [...shared, ...own];
  const made: RunSpec = {
    ...spec,
    // Equal values of different commands are different runs.
    configHash: configHash({ config: spec.configHash, words }),
    program: { words, cwd, ...(logDir !== undefined && { logDir }) },
  };
  // What it cannot fill in is said before anything starts.
  programCall(made, { index: 0, cpus: [] });
  return made;
}
