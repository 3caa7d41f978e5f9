import type { Launcher } from '../core/launcher.ts';
import { ExecLauncher } from '../launch/exec-launcher.ts';
import { LocalLauncher } from '../launch/local-launcher.ts';
import type { SweepPlan } from '../store/sweep-files.ts';
import { workerCommand } from '../worker/worker-command.ts';

/** What executes the runs of a sweep that another process has planned: each in a process of its own. */
export function launcherOfPlan(
  { runs, request }: SweepPlan,
  { verbose }: { readonly verbose: boolean },
): Launcher {
  if (runs[0]?.program !== undefined) return new ExecLauncher();
  return new LocalLauncher(workerCommand({ verbose, cwd: request?.cwd }));
}
