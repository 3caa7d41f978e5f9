import type { Launcher } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { terminalColumns } from '../core/terminal.ts';
import { LocalLauncher } from '../launch/local-launcher.ts';
import { Session } from '../launch/session.ts';
import { ContinuingLauncher } from '../sweeper/continuing-launcher.ts';
import { workerCommand } from '../worker/worker-command.ts';
import { EXIT_CODES } from './execute-plan.ts';
import { executeRun } from './execute-run.ts';
import { firstBy } from './first-by.ts';
import type { RunFlags } from './run-flags.ts';

/** Around a single run. */
interface Around {
  readonly root: string;
  readonly flags: RunFlags;
  readonly signal: AbortSignal;
  readonly isGhost?: boolean;
  /** True for a command that enters a run: trying again never starts the run over. */
  readonly isEntering?: boolean;
}

/**
 * Executes a single run in the process that has planned it, so that the user's file is loaded once.
 * Returns the exit code.
 * @param plan asks that process for the run, and makes its directory ready; `undefined` where there is
 *   nothing to execute.
 */
export async function planAndExecute(
  plan: (session: Session) => Promise<RunSpec | undefined>,
  { root, flags, signal, isGhost = false, isEntering = false }: Around,
): Promise<number> {
  const { quiet = false, verbose = false } = flags;
  const columns = quiet ? undefined : terminalColumns(process.stdout);
  const command = workerCommand({ verbose, columns, ghost: isGhost });
  const session = await Session.open(command, { echo: !quiet, signal });
  const onAbort = (): void => void session.stop();
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort(); // while the process started
  if (columns !== undefined) {
    process.stdout.on('resize', () => session.resize(process.stdout.columns));
  }
  let spec: RunSpec | undefined;
  try {
    spec = await plan(session);
  } catch (error) {
    await session.stop();
    if (signal.aborted) return EXIT_CODES.interrupted;
    throw error;
  }
  if (spec === undefined) {
    await session.stop();
    return EXIT_CODES.done;
  }
  signal.removeEventListener('abort', onAbort);
  const local = new LocalLauncher(command, { echo: !quiet });
  const again = isEntering ? local : new ContinuingLauncher(local);
  const launcher: Launcher = { name: again.name, run: firstBy(session, again) };
  return executeRun(spec, launcher, { root, flags, signal });
}
