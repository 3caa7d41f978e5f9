import { composeConfig, schemaOf, type Composed } from '../config/compose.ts';
import { valueAt } from '../config/container.ts';
import { splitOverride, type OverrideText } from '../config/override.ts';
import { parsePath } from '../config/path.ts';
import type { JsonSchema } from '../config/json-schema.ts';
import { ExpError, suggest } from '../core/errors.ts';
import { jsonLine, type JsonObject } from '../core/json.ts';
import { labelledRunId, makeRunId } from '../core/run-id.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { SweepSpace } from '../core/sweep-space.ts';
import { chooseSinks, makeSinks, type ChosenSinks } from '../run/sinks.ts';
import { leaveOut, textOf } from '../sweep/exclude.ts';
import { inOrder, repeatSeed, type Point } from '../sweep/repeats.ts';
import { isInterval, withSamples } from '../sweep/sample.ts';
import { variantNames } from '../sweep/variant-names.ts';
import { crossLevels } from '../sweep/variants.ts';
import { chooseAxes, isAxis, variantAssignments } from './choose-axes.ts';
import { ownSinks, type Definition } from './definition.ts';
import { chosenLayers, explicitLayers, hookLayers, type Layer } from './layers.ts';
import { makeSpec } from './make-spec.ts';
import type { RunRequest, SweepRequest } from './requests.ts';
import { rootSeed, seedLayer, withoutSeed, type RootSeed } from './root-seed.ts';

/** A sweep, composed and validated down to the last run. */
export interface PlannedSweep {
  readonly id: string;
  readonly keys: readonly string[];
  readonly repeats: number;
  readonly runs: readonly RunSpec[];
  readonly space: SweepSpace;
  /** The root seed that nobody chose, where the sweep depends on it. */
  readonly randomSeed?: number;
  /** What the plan leaves out of what was asked, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Composes and validates the config of one run.
 * @throws {ExpError} EXP_CONFIG, EXP_USAGE or EXP_SINK: nothing was created.
 */
export async function planRun(definition: Definition, request: RunRequest): Promise<RunSpec> {
  const plan = prepare(definition, request);
  const composed = await compose(plan, [], plan.overrides, plan.seed);
  const tracked = pick(composed.config, definition.track ?? []);
  return makeSpec(plan, composed, plan.seed, makeRunId(new Date(), tracked));
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
  const plan = prepare(definition, request);
  const chosen = chooseAxes(definition, plan.schema, plan.overrides, request, plan.seed.value);
  const { swept, fixed, exclude } = chosen;
  if (request.samples !== undefined && !swept.some(isInterval)) {
    throw new ExpError(
      'EXP_SWEEP',
      '--samples draws points from intervals, and no key has one. Write key=interval(low,high), or leave it out.',
    );
  }
  const { repeats } = chosen;
  const samples = request.samples ?? chosen.samples;
  const levels = withSamples(swept, samples, plan.seed.value);
  const { variants, unmatched } = leaveOut(crossLevels(levels), exclude);
  const notes = [
    ...chosen.notes,
    ...unmatched.map((one) => `${textOf(one)} is excluded, and is no variant of this sweep.`),
  ];
  const id = makeRunId(new Date());
  const runs = await planPoints(plan, id, inOrder(variants, repeats), fixed);
  const keys = levels.flatMap((level) => level.keys);
  const isRandom = plan.seed.origin.layer === 'seed';
  const depends = !keys.includes('seed') || swept.some(isInterval);
  const randomSeed = isRandom && depends ? { randomSeed: plan.seed.value } : {};
  const space: SweepSpace = {
    swept,
    exclude: exclude as readonly JsonObject[],
    ...(samples !== undefined && { samples }),
    seed: plan.seed,
  };
  return { id, keys, repeats, runs, space, ...randomSeed, notes };
}

/**
 * Composes and validates the runs of some points of a sweep, in their order.
 * @param fixed overrides that hold for all of them.
 */
export async function planPoints(
  plan: Plan,
  id: string,
  points: readonly Point[],
  fixed: readonly OverrideText[],
): Promise<RunSpec[]> {
  const now = Date.now();
  const labels = runLabels(points);
  const runs: RunSpec[] = [];
  for (const { variant, variantIndex, repeat } of points) {
    const seed = seedOf(plan, variant['seed'], repeat);
    const composed = await compose(plan, variantAssignments(variant), fixed, seed);
    // Ids that differ in time keep the order of the plan when they are sorted.
    const runId = labelledRunId(new Date(now + runs.length), labels.get(variantIndex)!);
    const spec = makeSpec(plan, composed, seed, runId);
    const sweep = { id, variant: variant as JsonObject, variantIndex, repeat };
    runs.push({ ...spec, sweep });
  }
  return runs;
}

/** The names of variants by their indices, for the ids of their runs; one without values needs none. */
function runLabels(points: readonly Point[]): ReadonlyMap<number, string> {
  const variants = new Map(points.map(({ variantIndex, variant }) => [variantIndex, variant]));
  const names = variantNames([...variants.values()]);
  return new Map(
    [...variants].map(([index, variant], i) => [
      index,
      Object.keys(variant).length === 0 ? '' : names[i]!,
    ]),
  );
}

/** What all runs of a request share. */
export interface Plan {
  readonly definition: Definition;
  readonly request: RunRequest;
  readonly schema: JsonSchema;
  readonly seed: RootSeed;
  readonly sinks: ChosenSinks;
  /** But for the seed. */
  readonly overrides: readonly OverrideText[];
  /** Below the variant, but for hooks. */
  readonly chosen: readonly Layer[];
}

/**
 * Checks what does not depend on the point of a sweep.
 * @param known the root seed, where it was chosen before.
 */
export function prepare(definition: Definition, request: RunRequest, known?: RootSeed): Plan {
  const command = request.command ?? 'main';
  if (!definition.commands.has(command)) {
    throw new ExpError(
      'EXP_USAGE',
      `The experiment "${definition.name}" has no command "${command}". ` +
        suggest(command, [...definition.commands.keys()]),
    );
  }
  if (request.from !== undefined && request.from.experiment !== definition.name) {
    throw new ExpError(
      'EXP_USAGE',
      `The run ${request.from.id} is of the experiment "${request.from.experiment}", not of "${definition.name}".`,
    );
  }
  const sinks = chosenSinks(definition, request.sinks);
  makeSinks(sinks, ownSinks(definition));
  const schema = schemaOf(definition.schema);
  const split = (request.overrides ?? []).map(splitOverride);
  const chosen = chosenLayers(definition, schema, request);
  const given = [...chosen, ...explicitLayers(schema, request, [])];
  const { from, seed: flag, derivedSeed } = request;
  const seed = known ?? rootSeed(schema, given, from, flag, split.findLast(isSeed), derivedSeed);
  const overrides = split.filter((override) => !isSeed(override));
  return { definition, request, schema, seed, sinks, overrides, chosen };
}

function isSeed(override: OverrideText): boolean {
  return override.path.join('.') === 'seed' && !isAxis(override);
}

/** The seed of one run of a sweep; the sweep may vary it. */
function seedOf({ seed }: Plan, varied: unknown, repeat: number): RootSeed {
  if (varied === undefined) return { ...seed, value: repeatSeed(seed.value, repeat) };
  const origin = { layer: 'variant', text: `seed=${jsonLine(varied)}` } as const;
  return { value: repeatSeed(varied as number, repeat), origin };
}

function compose(
  { definition, request, schema, chosen }: Plan,
  variant: Layer,
  overrides: readonly OverrideText[],
  seed: RootSeed,
): Promise<Composed> {
  const context = { command: request.command ?? 'main', seed: seed.value };
  const layers = [
    ...hookLayers(definition, context),
    ...chosen,
    variant,
    ...explicitLayers(schema, request, overrides),
  ];
  return composeConfig(definition, [...withoutSeed(layers), seedLayer(schema, seed)]);
}

/** The sinks that runs of an experiment get. */
export function chosenSinks(
  { sinks: code, projectSinks: project }: Definition,
  flag?: readonly string[],
): ChosenSinks {
  return chooseSinks({ flag, code, project });
}

function pick(config: unknown, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, valueAt(config, parsePath(key) ?? [key])]));
}
