import {
  assignmentsOf,
  parseOverride,
  splitOverride,
  type Assignment,
  type OverrideText,
} from '../config/assignment.ts';
import { composeConfig, schemaOf, type Composed } from '../config/compose.ts';
import { childSchema, type JsonSchema } from '../config/schema.ts';
import { ExpError, suggest } from '../core/errors.ts';
import { toJson, type JsonObject } from '../core/json.ts';
import { runDir } from '../core/layout.ts';
import { makeRunId } from '../core/run-id.ts';
import type { GitState, RunSpec } from '../core/run-spec.ts';
import { checkSeed, randomSeed } from '../random/seed.ts';
import { makeSinks, sinkNames } from '../run/sinks.ts';
import { inOrder, repeatSeed } from '../sweep/repeats.ts';
import { makeVariants } from '../sweep/variants.ts';
import { chooseAxes, isAxis, variantAssignments } from './choose-axes.ts';
import { ownSinks, type Definition } from './definition.ts';

/** What a user asks for, before any of it is checked against the experiment. */
export interface RunRequest {
  /** Absolute path of the run root. */
  readonly root: string;
  readonly file?: string;
  readonly command?: string;
  /** `key=value`, and in a sweep `key=value,value`. */
  readonly overrides?: readonly string[];
  /** Config values from code, by section and key. */
  readonly values?: JsonObject;
  readonly seed?: number;
  readonly sinks?: readonly string[];
  readonly name?: string;
  readonly comment?: string;
  readonly parent?: string;
  readonly git?: GitState;
}

export interface SweepRequest extends RunRequest {
  readonly repeats?: number;
}

/** A sweep, composed and validated down to the last run. */
export interface PlannedSweep {
  readonly id: string;
  readonly keys: readonly string[];
  readonly repeats: number;
  readonly runs: readonly RunSpec[];
  /** What the plan leaves out of what was asked, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Composes and validates the config of one run.
 * @throws {ExpError} EXP_CONFIG, EXP_USAGE or EXP_SINK: nothing was created.
 */
export async function planRun(definition: Definition, request: RunRequest): Promise<RunSpec> {
  const { described, seed, overrides } = prepare(definition, request);
  const assignments = [
    ...assignmentsOf(request.values ?? {}, { layer: 'api' }),
    ...overrides.map((override) => parseOverride(override, described)),
  ];
  const composed = await composeWithSeed(definition, described, assignments, seed);
  const tracked = pick(composed.config, definition.track ?? []);
  return makeSpec(definition, request, composed, seed, makeRunId(new Date(), tracked));
}

/**
 * Composes and validates every run of a sweep: the axes on the command line, or else the declared
 * ones. An override with a single value pins its key.
 * @throws {ExpError} EXP_CONFIG, EXP_SWEEP, EXP_USAGE or EXP_SINK: nothing was created.
 */
export async function planSweep(
  definition: Definition,
  request: SweepRequest,
): Promise<PlannedSweep> {
  const { described, seed, overrides } = prepare(definition, request);
  const { axes, fixed, notes } = chooseAxes(definition, described, overrides);
  const repeats = request.repeats ?? definition.repeats;
  const variants = makeVariants(axes);
  const now = Date.now();
  const id = makeRunId(new Date(now));
  const runs: RunSpec[] = [];
  for (const point of inOrder(variants, repeats)) {
    const { variant, variantIndex, repeat } = point;
    const runSeed = repeatSeed((variant['seed'] as number | undefined) ?? seed, repeat);
    const assignments = [...variantAssignments(variant), ...fixed];
    const composed = await composeWithSeed(definition, described, assignments, runSeed);
    // Ids that differ in time keep the order of the plan when they are sorted.
    const runId = makeRunId(new Date(now + runs.length), variant);
    const spec = makeSpec(definition, request, composed, runSeed, runId);
    const sweep = { id, variant: variant as JsonObject, variantIndex, repeat };
    runs.push({ ...spec, sweep });
  }
  return { id, keys: axes.map((axis) => axis.key), repeats, runs, notes };
}

/** What all runs of a request share. The reserved key `seed` is taken out of the overrides. */
function prepare(
  definition: Definition,
  request: RunRequest,
): { described: JsonSchema; seed: number; overrides: OverrideText[] } {
  const described = schemaOf(definition.schema);
  const command = request.command ?? 'main';
  if (!definition.commands.has(command)) {
    throw new ExpError(
      'EXP_USAGE',
      `The experiment "${definition.name}" has no command "${command}". ` +
        suggest(command, [...definition.commands.keys()]),
    );
  }
  makeSinks(chosenSinks(definition, request), ownSinks(definition));
  const split = (request.overrides ?? []).map(splitOverride);
  const seedText = split.find(isSeed)?.value;
  if (request.seed !== undefined && seedText !== undefined && Number(seedText) !== request.seed) {
    throw new ExpError(
      'EXP_USAGE',
      `The seed is given twice: --seed ${request.seed} and seed=${seedText}. Keep one of them.`,
    );
  }
  const given = request.seed ?? seedText ?? request.values?.['seed'] ?? defaultSeed(described);
  const seed = given === undefined ? randomSeed() : checkSeed(given);
  return { described, seed, overrides: split.filter((override) => !isSeed(override)) };
}

function defaultSeed(described: JsonSchema): unknown {
  const declared = childSchema(described, 'seed');
  return declared === undefined || declared === 'open' ? undefined : declared.default;
}

function isSeed(override: OverrideText): boolean {
  return override.path.join('.') === 'seed' && !isAxis(override);
}

/** Composes a config; the seed is part of it where the schema declares such a key. */
async function composeWithSeed(
  definition: Definition,
  described: JsonSchema,
  assignments: readonly Assignment[],
  seed: number,
): Promise<Composed> {
  const declared = childSchema(described, 'seed');
  if (declared === undefined || declared === 'open') {
    return composeConfig(definition.schema, assignments);
  }
  const own: Assignment = { path: ['seed'], value: seed, origin: { layer: 'seed' } };
  return composeConfig(definition.schema, [...assignments, own]);
}

function chosenSinks(definition: Definition, request: RunRequest): readonly string[] {
  return request.sinks ?? sinkNames(definition.sinks);
}

function makeSpec(
  definition: Definition,
  request: RunRequest,
  composed: Composed,
  seed: number,
  id: string,
): RunSpec {
  const { root, file, name, comment, parent, git } = request;
  return {
    id,
    experiment: definition.name,
    ...(file !== undefined && { file }),
    command: request.command ?? 'main',
    dir: runDir(root, definition.name, id),
    input: composed.input,
    config: toJson(composed.config),
    origins: composed.origins,
    seed,
    overrides: request.overrides ?? [],
    sinks: chosenSinks(definition, request),
    ...(name !== undefined && { name }),
    ...(comment !== undefined && { comment }),
    ...(definition.objective !== undefined && { objective: definition.objective }),
    ...(parent !== undefined && { parent }),
    ...(git !== undefined && { git }),
  };
}

function pick(config: unknown, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    keys.map((key) => [
      key,
      key
        .split('.')
        .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], config),
    ]),
  );
}
