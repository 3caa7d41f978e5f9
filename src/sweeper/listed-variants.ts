import { isAbsolute, join } from 'node:path';
import { ExpError } from '../core/errors.ts';
import { sweepDir, SWEEP_DIRS } from '../core/layout.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { PlannedSweep } from '../experiment/plan.ts';
import { withOwn } from './exec-runner.ts';
import type { ProgramSweepOptions } from './sweep-options.ts';

/** What code says of each variant that it lists. */
export type PerVariant = Pick<ProgramSweepOptions, 'variants' | 'logDirs' | 'runArgs'>;

/**
 * The planned runs with what is said of their variants: names, log directories, arguments.
 * @throws {ExpError} EXP_SWEEP where it is not said of each variant once.
 */
export function withListed(
  planned: PlannedSweep,
  root: string,
  { variants, logDirs, runArgs }: PerVariant,
): PlannedSweep {
  if (logDirs === undefined && runArgs === undefined) return planned;
  const count = new Set(planned.runs.map(({ sweep }) => sweep?.variantIndex)).size;
  for (const [option, list] of Object.entries({ logDirs, runArgs })) {
    if (list === undefined) continue;
    if (variants === undefined || list.length !== variants.length || count !== list.length) {
      throw new ExpError(
        'EXP_SWEEP',
        `${option} must have one entry for each of variants, which nothing else is crossed with: ` +
          `${list.length} for ${count} variants.`,
      );
    }
  }
  logDirs?.forEach(checkDir);
  const runs = planned.runs.map((spec): RunSpec => {
    const index = spec.sweep!.variantIndex;
    const dir = logDirs?.[index];
    const words = runArgs?.[index];
    const named = dir === undefined || dir === '' ? spec : { ...spec, name: spec.name ?? dir };
    return withOwn(named, {
      ...(words !== undefined && { words }),
      ...(dir !== undefined && {
        logDir: join(sweepDir(root, spec.experiment, planned.id), SWEEP_DIRS.logs, dir),
      }),
    });
  });
  return { ...planned, runs };
}

function checkDir(dir: string): void {
  if (!isAbsolute(dir) && !dir.split(/[/\\]/).includes('..')) return;
  throw new ExpError('EXP_SWEEP', `"${dir}" is no directory below that of the sweep.`);
}
