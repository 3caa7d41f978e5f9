import pc from 'picocolors';
import { sweepDir } from '../core/layout.ts';
import type { Launcher, Slot } from '../core/launcher.ts';
import { withPinningCheck } from '../launch/check-pinning.ts';
import { createSweep, type SweepPlan } from '../store/sweep-files.ts';
import { executeSweep } from '../sweeper/execute-sweep.ts';
import type { ResumedSweep } from '../sweeper/resume-sweep.ts';
import { SweepState } from '../sweeper/sweep-state.ts';
import { chooseProgress } from './choose-progress.ts';
import { withInterrupts } from './interrupts.ts';
import { printResults } from './print-results.ts';
import { rootFlag } from './project.ts';
import type { RunFlags } from './run-flags.ts';
import { policyOf } from './run-policy.ts';
import { failures, resumeHint } from './sweep-report.ts';

/** Where and how a plan is executed. */
interface Place {
  readonly root: string;
  readonly isGhost: boolean;
  readonly launcher: Launcher;
  readonly slots: readonly Slot[];
  /** Lines to say below the headline. */
  readonly said: readonly string[];
  /** For a sweep that goes on. */
  readonly resumed?: ResumedSweep;
}

/** Executes a plan, or what is left of it, and reports. Returns the exit code. */
export async function executePlan(
  plan: SweepPlan,
  { root, isGhost, launcher, slots, said, resumed }: Place,
  flags: RunFlags,
): Promise<number> {
  const { quiet = false, json = false, table } = flags;
  const dir = sweepDir(root, plan.experiment, plan.id);
  const state = resumed?.state ?? new SweepState(plan);
  const isLive = launcher.name !== 'debug';
  const progress = chooseProgress(state, { quiet, json, isLive });
  const checked = withPinningCheck(launcher, (text) =>
    progress.update({ type: 'note', text: `${pc.yellow('note')}  ${text}` }),
  );
  const ending = await withInterrupts(
    (signal) => {
      const lock = resumed?.lock ?? createSweep(dir, plan);
      progress.begin({ dir, slots: slots.length, notes: said });
      const { runs, attempts } = resumed ?? { runs: plan.runs };
      const policy = policyOf(flags, signal);
      const before = attempts === undefined ? {} : { attempts };
      const how = { slots, launcher: checked, policy };
      return executeSweep({ dir, lock, state, runs, ...how, ...before }, progress);
    },
    (text) => progress.say(text),
  ).catch((error: unknown) => {
    progress.end(undefined);
    throw error;
  });
  progress.end(ending);

  const flag = isGhost ? undefined : await rootFlag(root);
  if (!json) printResults(state.results, { root, flag, quiet, table });
  process.stderr.write(failures(state, ending === 'interrupted', flag));
  if (!quiet && !json && flag !== undefined) process.stderr.write(resumeHint(state, flag));
  return EXIT_CODES[ending];
}

/** The exit codes of sweeps, by their ends. */
export const EXIT_CODES = { done: 0, failed: 1, interrupted: 130 } as const;
