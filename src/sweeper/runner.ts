import type { Launcher } from '../core/launcher.ts';
import type { PlannedSweep } from '../experiment/plan.ts';
import type { SweepRequest } from '../experiment/requests.ts';
import { slotChooser, type SlotFlags } from '../launch/choose-slots.ts';
import { LocalLauncher } from '../launch/local-launcher.ts';
import type { SlotPlan } from '../launch/planner.ts';
import { askWorker, workerCommand } from '../worker/worker-command.ts';

/** What plans the runs of a sweep and executes them. */
export interface Runner {
  /** @throws {ExpError} as planning does. */
  readonly plan: (request: SweepRequest) => Promise<PlannedSweep>;
  /** @throws {ExpError} EXP_USAGE where the machine has no room for what each run needs. */
  readonly chooseSlots: (runs: number) => SlotPlan;
  readonly launcher: Launcher;
}

/** The file whose experiment is swept, and its name where the file has several. */
export interface Subject {
  readonly file: string;
  readonly experiment?: string;
}

/** How worker processes behave, and what they share. */
export interface LocalOptions extends SlotFlags {
  readonly verbose: boolean;
  readonly ghost: boolean;
}

/**
 * Every run in a process of its own, which alone imports the user's file.
 * @throws {ExpError} EXP_USAGE for needs that cannot be read.
 */
export function localRunner(subject: Subject, options: LocalOptions): Runner {
  const { verbose, ghost } = options;
  return {
    plan: (request) => askWorker({ type: 'plan-sweep', request, ...subject }, { verbose }),
    chooseSlots: slotChooser(options),
    launcher: new LocalLauncher(workerCommand({ verbose, ghost })),
  };
}
