import { ExpError } from '../core/errors.ts';
import { jsonLine, toJson, type JsonObject } from '../core/json.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { SweepSpace } from '../core/sweep-space.ts';
import { leaveOut } from '../sweep/exclude.ts';
import { inOrder, type Point } from '../sweep/repeats.ts';
import { withSamples } from '../sweep/sample.ts';
import { crossLevels, type Variant } from '../sweep/variants.ts';
import { fixedOnes } from './choose-axes.ts';
import type { Definition } from './definition.ts';
import { planPoints, prepare } from './plan.ts';
import type { RunRequest } from './requests.ts';
import { widenSpace, type Widening } from './widen-space.ts';

/** A sweep, and what it is to have besides. */
export interface ExtensionRequest {
  /** Of the sweep. */
  readonly id: string;
  readonly request: RunRequest;
  readonly space: SweepSpace;
  readonly repeats: number;
  /** The variants it has, in the order of their indices where there is one of each. */
  readonly variants: readonly { readonly variant: JsonObject; readonly variantIndex: number }[];
  readonly widening: Widening;
}

/** What is new in a sweep. */
export interface PlannedExtension {
  readonly space: SweepSpace;
  readonly repeats: number;
  /** The new runs, all first repeats before any second one. */
  readonly runs: readonly RunSpec[];
  /** What was asked for and is there already, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Composes and validates the runs that a sweep gets when it is to have more values, repeats or
 * samples: every point that it did not have before. A repeat has the seed that it has in the others.
 * @throws {ExpError} EXP_SWEEP for fewer than there are, or where nothing is new; as planSweep does.
 */
export async function planExtension(
  definition: Definition,
  { id, request, space, repeats, variants, widening }: ExtensionRequest,
): Promise<PlannedExtension> {
  const { repeats: asked = repeats, values } = widening;
  if (asked < repeats) {
    throw new ExpError(
      'EXP_SWEEP',
      `The sweep has ${repeats} repeats; --repeats ${asked} would be fewer. Ask for more than ${repeats} in all.`,
    );
  }
  const plan = prepare(definition, request, space.seed);
  const wide = widenSpace(space, widening, plan.schema);
  const known = new Set(pointsOf(widenSpace(space, NOTHING, plan.schema).space, repeats).map(name));
  const added = pointsOf(wide.space, asked).filter((point) => !known.has(name(point)));
  if (added.length === 0) {
    throw new ExpError(
      'EXP_SWEEP',
      [
        ...wide.notes,
        `There is nothing new in this. Give swept keys new values, or more than ${repeats} --repeats` +
          `${space.samples === undefined ? '' : ` or ${space.samples} --samples`}.`,
      ].join(' '),
    );
  }
  const points = indexed(added, variants);
  // The new words are recorded with the new runs; they are values of variants, not overrides.
  const overrides = [...(request.overrides ?? []), ...values];
  const recording = { ...plan, request: { ...request, overrides } };
  const runs = await planPoints(recording, id, points, fixedOnes(plan.overrides));
  return { space: wide.space, repeats: asked, runs, notes: wide.notes };
}

const NOTHING: Widening = { values: [] };

function pointsOf({ swept, exclude, samples, seed }: SweepSpace, repeats: number): Point[] {
  const levels = withSamples(swept, samples, seed.value);
  return inOrder(leaveOut(crossLevels(levels), exclude).variants, repeats);
}

function name({ variant, repeat }: Point): string {
  return `${repeat} ${variantName(variant)}`;
}

function variantName(variant: Variant): string {
  return jsonLine(toJson(variant));
}

/** The points with the indices their variants have, or new ones. */
function indexed(points: readonly Point[], variants: ExtensionRequest['variants']): Point[] {
  const indices = new Map(
    variants.map(({ variant, variantIndex }) => [variantName(variant), variantIndex]),
  );
  let next = Math.max(-1, ...indices.values()) + 1;
  return points.map((point) => {
    const key = variantName(point.variant);
    const variantIndex = indices.get(key) ?? next++;
    indices.set(key, variantIndex);
    return { ...point, variantIndex };
  });
}
