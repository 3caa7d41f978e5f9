import pc from 'picocolors';
import { jsonText, type JsonObject } from '../core/json.ts';
import type { Slot } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { PlannedSweep } from '../experiment/plan.ts';
import { cpuListText } from '../provenance/cpus.ts';
import { variantNames } from '../sweep/variant-names.ts';
import { counted, valueText } from './format.ts';
import { keyTable } from './key-table.ts';
import { sweepTitle } from './sweep-report.ts';

/** What `--dry-run` shows: a sweep as it would run. */
interface DryRun {
  readonly planned: PlannedSweep;
  /** The runs that would start, in order. */
  readonly left: readonly RunSpec[];
  readonly slots: readonly Slot[];
}

/** One variant of the plan. */
interface PlannedVariant {
  readonly name: string;
  readonly values: JsonObject;
  readonly runs: number;
}

/** Prints the plan of a sweep, fitted to the terminal or as JSON. */
export function printDryRun(dryRun: DryRun, isJson: boolean): void {
  process.stdout.write(isJson ? dryRunJson(dryRun) : dryRunText(dryRun, process.stdout.columns));
}

/**
 * The plan of a sweep for people.
 * @param columns of the terminal; without one nothing is cut.
 */
export function dryRunText(dryRun: DryRun, columns?: number): string {
  const { planned, left, slots } = dryRun;
  const { keys, repeats, runs, notes } = planned;
  const variants = variantsOf(dryRun);
  const rows = variants.map(({ name, values, runs: count }, i) => ({
    cells: [
      String(i + 1),
      ...keys.map((key) => valueText(values[key])),
      String(count),
      pc.dim(name),
    ],
  }));
  const skipped = runs.length - left.length;
  const total = counted(left.length, 'run');
  const facts = [
    ['total', skipped === 0 ? total : `${total}; ${skipped} of ${runs.length} completed before`],
    ...(repeats > 1 ? [['order', 'every variant once, then every variant again']] : []),
    ...slots.map((slot) => [`slot ${slot.index}`, slotText(slot)]),
    ...seedFact(planned.randomSeed),
  ];
  const width = Math.max(...facts.map(([name]) => name!.length));
  return [
    `${sweepTitle(runs[0]!.experiment, { keys, repeats, variants: variants.length, slots: slots.length })}  ` +
      pc.dim('dry run: nothing is written'),
    ...notes,
    '',
    keyTable(['variant', ...keys, 'runs', 'name'], rows, columns),
    '',
    ...facts.map(([name, text]) => `${pc.dim(name!.padEnd(width))}  ${text}`),
    '',
  ].join('\n');
}

/** The same for programs; variants are counted from 0. */
function dryRunJson(dryRun: DryRun): string {
  const { planned, left, slots } = dryRun;
  const { keys, repeats, runs, randomSeed, notes } = planned;
  const [{ experiment, command }] = runs as readonly [RunSpec];
  return jsonText({
    experiment,
    command,
    keys,
    repeats,
    total: left.length,
    skipped: runs.length - left.length,
    ...(randomSeed !== undefined && { randomSeed }),
    notes,
    slots,
    variants: variantsOf(dryRun),
    runs: left.map(({ sweep, seed }) => ({
      variant: sweep!.variantIndex,
      repeat: sweep!.repeat,
      seed,
    })),
  });
}

function variantsOf({ planned, left }: DryRun): PlannedVariant[] {
  const byVariant = new Map<number, RunSpec>();
  for (const run of planned.runs) {
    const { variantIndex } = run.sweep!;
    if (!byVariant.has(variantIndex)) byVariant.set(variantIndex, run);
  }
  const first = [...byVariant.values()];
  const names = variantNames(first.map(({ sweep }) => sweep!.variant));
  const counts = new Map<number, number>();
  for (const { sweep } of left) {
    counts.set(sweep!.variantIndex, (counts.get(sweep!.variantIndex) ?? 0) + 1);
  }
  return first.map(({ sweep }, i) => ({
    name: names[i]!,
    values: sweep!.variant,
    runs: counts.get(sweep!.variantIndex) ?? 0,
  }));
}

function slotText({ cpus, gpus = [] }: Slot): string {
  const pinned = cpus.length === 0 ? 'any CPU' : `CPU ${cpuListText(cpus)}`;
  return gpus.length === 0 ? pinned : `${pinned}, GPU ${gpus.join(',')}`;
}

/** A random seed is another one next time, and with it the points drawn from intervals. */
function seedFact(seed: number | undefined): [string, string][] {
  return seed === undefined ? [] : [['seed', `random; --seed ${seed} makes this very sweep`]];
}
