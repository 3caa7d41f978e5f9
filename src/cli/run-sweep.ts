import { relative } from 'node:path';
import pc from 'picocolors';
import { ExpError } from '../core/errors.ts';
import { experimentDir, sweepDir } from '../core/layout.ts';
import type { PlannedSweep, SweepRequest } from '../experiment/plan.ts';
import { allowedCpus, cpuCount } from '../launch/cpus.ts';
import { visibleGpus } from '../launch/gpus.ts';
import { LocalLauncher } from '../launch/local-launcher.ts';
import { canPin } from '../launch/pinning.ts';
import { runAll } from '../launch/run-all.ts';
import { planSlots } from '../launch/slots.ts';
import { identify } from '../store/process-identity.ts';
import { createSweep, journal, type SweepPlan } from '../store/sweep-files.ts';
import { withInterrupts } from './interrupts.ts';
import type { RunFlags } from './run-options.ts';
import { sweepProgress } from './sweep-progress.ts';
import { SweepState, type FinishedRun } from './sweep-state.ts';
import { variantTable } from './variant-table.ts';
import { askWorker, workerCommand } from './worker-command.ts';

/** Plans a sweep, executes it on the slots of this machine and reports. Returns the exit code. */
export async function runSweep(
  file: string,
  request: SweepRequest,
  flags: RunFlags,
): Promise<number> {
  const { quiet = false, verbose = false, failFast = false, experiment } = flags;
  const say = (text: string): unknown => quiet || process.stderr.write(text);
  const subject = { file, ...(experiment !== undefined && { experiment }) };
  const planned: PlannedSweep = await askWorker(
    { type: 'plan-sweep', request, ...subject },
    { verbose },
  );
  const plan = planOf(planned);
  const dir = sweepDir(request.root, plan.experiment, plan.id);
  createSweep(dir, plan);

  const slots = planSlots(Math.min(flags.slots ?? cpuCount(), plan.runs.length), {
    cpus: canPin() ? allowedCpus() : [],
    gpus: visibleGpus(),
  });
  say(headline(plan, slots.length));
  for (const note of planned.notes) say(`${note}\n`);
  if (!canPin()) say('Runs are not pinned to CPUs: there is no taskset here.\n');

  const state = new SweepState(plan, slots.length);
  const progress = quiet ? undefined : sweepProgress(state, process.stderr);
  const wasInterrupted = await withInterrupts(async (signal) => {
    await runAll(
      plan.runs,
      slots,
      new LocalLauncher(workerCommand({ verbose })),
      { failFast, signal },
      {
        onStart: (spec, slot) => {
          journal(dir, { event: 'started', run: spec.id, slot: slot.index });
          state.started(spec, slot);
          progress?.update();
        },
        onProgress: (spec, step) => {
          state.progressed(spec, step);
          progress?.update();
        },
        onEnd: (outcome, slot) => {
          const { spec, status, reason } = outcome;
          journal(dir, {
            event: 'ended',
            run: spec.id,
            status,
            ...(reason !== undefined && { reason }),
          });
          progress?.update(state.ended(outcome, slot));
        },
      },
    );
    return signal.aborted;
  });
  progress?.close();

  const failed = state.finished.filter(({ status }) => status !== 'completed');
  const status = wasInterrupted ? 'interrupted' : failed.length > 0 ? 'failed' : 'done';
  journal(dir, { event: 'finished', status });
  if (!quiet) process.stdout.write(report(plan, state.finished, request.root));
  process.stderr.write(failures(plan, failed, wasInterrupted));
  return wasInterrupted ? 130 : failed.length > 0 ? 1 : 0;
}

function planOf({ id, keys, repeats, runs }: PlannedSweep): SweepPlan {
  const [first] = runs;
  if (first === undefined) throw new ExpError('EXP_SWEEP', 'The sweep has no runs.');
  return {
    format: 1,
    id,
    experiment: first.experiment,
    createdAt: new Date().toISOString(),
    launcher: identify(),
    ...(first.objective !== undefined && { objective: first.objective }),
    keys,
    repeats,
    runs,
  };
}

function headline(plan: SweepPlan, slots: number): string {
  const variants = plan.runs.length / plan.repeats;
  const repeats = plan.repeats === 1 ? '' : ` × ${plan.repeats} repeats`;
  const swept = plan.keys.length === 0 ? '' : ` of ${plan.keys.join(' × ')}`;
  return (
    `${pc.bold(plan.experiment)}  ${variants} variant${variants === 1 ? '' : 's'}${swept}${repeats}, ` +
    `${slots} at once  ${pc.dim(`sweep ${plan.id}`)}\n`
  );
}

function report(plan: SweepPlan, finished: readonly FinishedRun[], root: string): string {
  if (finished.length === 0) return '';
  const best = bestRun(plan, finished);
  const here = relative(process.cwd(), experimentDir(root, plan.experiment)) || '.';
  const flag = here.startsWith('runs') ? '' : ` --root ${relative(process.cwd(), root)}`;
  const next = [
    `npx run-exp ls --sweep ${plan.id.slice(-6)}${flag}`,
    ...(best === undefined ? [] : [`npx run-exp show ${best.spec.id.slice(-6)}${flag}`]),
    `tensorboard --logdir ${here}`,
  ];
  return [
    '',
    variantTable(plan.keys, finished, plan.objective),
    '',
    `${pc.dim('runs')}  ${here}`,
    ...next.map((command, i) => `${pc.dim(i === 0 ? 'next' : '    ')}  ${command}`),
    '',
  ].join('\n');
}

function bestRun(plan: SweepPlan, finished: readonly FinishedRun[]): FinishedRun | undefined {
  const sign = plan.objective?.direction === 'minimize' ? 1 : -1;
  return finished
    .filter(({ value }) => value !== undefined)
    .sort((a, b) => sign * (a.value! - b.value!))[0];
}

function failures(
  plan: SweepPlan,
  failed: readonly FinishedRun[],
  wasInterrupted: boolean,
): string {
  if (failed.length === 0 && !wasInterrupted) return '';
  const shown = failed.filter(({ status }) => status !== 'interrupted');
  const blocks = shown.map(({ spec, status, reason, stderr }) =>
    [
      `\n${pc.red(status)}  ${spec.id}${reason === undefined ? '' : `: ${reason}`}`,
      ...stderr.map((line) => pc.dim(`  │ ${line}`)),
    ].join('\n'),
  );
  const total = plan.runs.length;
  const count = shown.length === 0 ? '' : `\n${pc.red(`${shown.length} of ${total} runs failed.`)}`;
  return `${blocks.join('\n')}${count}${wasInterrupted ? `\n${pc.yellow('Interrupted.')}` : ''}\n`;
}
