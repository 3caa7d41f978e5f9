import { dirname, resolve } from 'node:path';
import pc from 'picocolors';
import { slotChooser } from '../slots/choose-slots.ts';
import { backUpSources } from '../run/back-up-sources.ts';
import { snapshotCode } from '../run/snapshot-code.ts';
import { replaceSweepPlan } from '../store/sweep-files.ts';
import { journal } from '../store/sweep-journal.ts';
import type { Widening } from '../experiment/widen-space.ts';
import { planMore, withMore } from '../sweeper/extend-sweep.ts';
import { planAt, resumeSweep, withRuns, type ResumedSweep } from '../sweeper/resume-sweep.ts';
import { detachSweep } from './detach.ts';
import { printDryRun } from './dry-run.ts';
import { projectAround, runRoot } from './project.ts';
import { goOn, sweepNamed } from './resume.ts';
import type { ResumeFlags } from './run-flags.ts';
import { checkTogether } from './sweep-flags.ts';
import { counted } from './format.ts';

/**
 * Gives a sweep new values of its swept keys, more repeats or more samples, and runs what is missing
 * of it. Returns the exit code.
 * @throws {ExpError} EXP_SWEEP where nothing is new, EXP_USAGE if the sweep is being run: then it
 *   is as it was.
 */
export async function extend(
  name: string,
  values: readonly string[],
  given: ResumeFlags,
): Promise<number> {
  const flags = { ...given, quiet: given.quiet ?? process.env['EXP_QUIET'] === '1' };
  checkTogether(flags);
  const { repeats, samples } = flags;
  const widening: Widening = {
    values,
    ...(repeats !== undefined && { repeats }),
    ...(samples !== undefined && { samples }),
  };
  const dir = sweepNamed(await runRoot(flags.root), name, 'extend');
  if (flags.dryRun === true) {
    await showExtension(dir, widening, flags);
    return 0;
  }
  const resumed = await resumeSweep(dir, { failed: flags.failed === true });
  try {
    const { more, said } = await addRuns(resumed, widening, flags);
    if (flags.detach === true) {
      resumed.lock.release();
      if (!flags.quiet) process.stderr.write(said.map((line) => `${line}\n`).join(''));
      return await detachSweep(dir, flags);
    }
    return await goOn(more, flags, said);
  } finally {
    resumed.lock.release();
  }
}

/** Plans the new runs and takes them into the plan on disk. */
async function addRuns(
  resumed: ResumedSweep,
  widening: Widening,
  { verbose = false, failed = false }: ResumeFlags,
): Promise<{ more: ResumedSweep; said: readonly string[] }> {
  const { dir, root, plan } = resumed;
  const project = await projectAround(dirname(plan.request?.file ?? dir));
  const git = snapshotCode(project, root);
  const planned = await planMore(plan, widening, { root, git, verbose });
  const wider = withMore(plan, planned, backUpSources(project, root));
  replaceSweepPlan(dir, wider);
  journal(dir, { event: 'extended', runs: planned.runs.map(({ id }) => id) });
  const count = planned.runs.length;
  const added = `${pc.dim('extended')}  ${counted(count, 'new run')}`;
  return { more: withRuns(resumed, wider, { failed }), said: [...planned.notes, added] };
}

async function showExtension(dir: string, widening: Widening, flags: ResumeFlags): Promise<void> {
  const plan = planAt(dir);
  const root = resolve(dir, '../../..');
  const context = { root, git: undefined, verbose: flags.verbose === true };
  const planned = await planMore(plan, widening, context);
  const { slots, notes } = slotChooser(flags)(planned.runs.length);
  const shown = { ...planned, id: plan.id, keys: plan.keys, notes: [...planned.notes, ...notes] };
  printDryRun({ planned: shown, left: planned.runs, slots }, flags.json === true);
}
