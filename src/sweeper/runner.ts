import type { Launcher } from '../core/launcher.ts';
import type { CodeFiles } from '../core/sources.ts';
import type { PlannedSweep } from '../experiment/plan.ts';
import type { SweepRequest } from '../experiment/requests.ts';
import { slotChooser, type SlotFlags } from '../slots/choose-slots.ts';
import { claimSlots, type ClaimedSlots } from '../slots/claim-slots.ts';
import { LocalLauncher } from '../launch/local-launcher.ts';
import type { SlotPlan } from '../slots/planner.ts';
import { codeFiles } from '../provenance/code-files.ts';
import { askWorker, workerCommand } from '../worker/worker-command.ts';

/** What plans the runs of a sweep and executes them. */
export interface Runner extends SlotSource {
  /** @throws {ExpError} as planning does. */
  readonly plan: (request: SweepRequest) => Promise<PlannedSweep>;
  /** The local files that its code consists of, as they are now. */
  readonly code: () => Promise<CodeFiles>;
  readonly launcher: Launcher;
}

/** How the machine is shared out. */
export interface SlotSource {
  /**
   * How so many runs would share all of it.
   * @throws {ExpError} EXP_USAGE where the machine has no room for what each run needs.
   */
  readonly chooseSlots: (runs: number) => SlotPlan;
  /** Claims what is free for the runs of a sweep, as {@link claimSlots} does. */
  readonly claim: (
    runs: number,
    sweep: string,
    waiting: Parameters<typeof claimSlots>[1],
  ) => Promise<ClaimedSlots | undefined>;
}

/**
 * The machine as the flags want it shared out.
 * @throws {ExpError} EXP_USAGE for needs that cannot be read.
 */
export function slotSource(flags: SlotFlags): SlotSource {
  return {
    chooseSlots: slotChooser(flags),
    claim: (runs, sweep, waiting) => claimSlots({ flags, runs, sweep }, waiting),
  };
}

/** The file whose experiment is swept, and its name where the file has several. */
export interface Subject {
  readonly file: string;
  readonly experiment?: string;
}

/** How worker processes behave, and what they share. */
export interface LocalOptions {
  readonly verbose: boolean;
  readonly ghost: boolean;
  readonly flags: SlotFlags;
  /** The project file, if there is one: it is code as well. */
  readonly projectFile?: string;
}

/**
 * Every run in a process of its own, which alone imports the user's file.
 * @throws {ExpError} EXP_USAGE for needs that cannot be read.
 */
export function localRunner(
  subject: Subject,
  { verbose, ghost, flags, projectFile }: LocalOptions,
): Runner {
  const entries = projectFile === undefined ? [subject.file] : [subject.file, projectFile];
  return {
    plan: (request) => askWorker({ type: 'plan-sweep', request, ...subject }, { verbose }),
    code: () => codeFiles(entries),
    ...slotSource(flags),
    launcher: new LocalLauncher(workerCommand({ verbose, ghost })),
  };
}
