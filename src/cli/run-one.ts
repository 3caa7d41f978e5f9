import { relative } from 'node:path';
import pc from 'picocolors';
import type { Launcher } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { terminalColumns } from '../core/terminal.ts';
import type { RunRequest } from '../experiment/requests.ts';
import { LocalLauncher } from '../launch/local-launcher.ts';
import { Session } from '../launch/session.ts';
import type { Project } from '../project/project-config.ts';
import { codeFiles } from '../provenance/code-files.ts';
import { createRunDir } from '../store/run-dir.ts';
import { ContinuingLauncher } from '../sweeper/continuing-launcher.ts';
import { withInterrupts } from './interrupts.ts';
import type { Question } from '../worker/protocol.ts';
import { prepareRun } from './prepare-run.ts';
import type { Asked } from './run-request.ts';
import type { RunFlags } from './run-flags.ts';
import { executeRun } from './execute-run.ts';
import { firstBy } from './first-by.ts';
import { launcherOf } from './launcher-flag.ts';
import { workerCommand } from '../worker/worker-command.ts';

/**
 * Executes a single run in a process of its own, whose output is passed on. Returns the exit code.
 * @param said a line to print before that of the run, once it is planned.
 */
export async function runOne(
  file: string,
  asked: Asked<RunRequest>,
  flags: RunFlags,
  said = '',
): Promise<number> {
  const { request } = asked;
  const { quiet = false, verbose = false, experiment } = flags;
  if (launcherOf(flags) === 'debug') {
    // Loaded on demand: this process never meets the user's code otherwise.
    const { debugOne } = await import('./debug.ts');
    const subject = { file, ...(experiment !== undefined && { experiment }) };
    process.exit(await debugOne(subject, asked, flags));
  }
  const isGhost = request.ghost === true;
  return withInterrupts(async (signal) => {
    // One process plans the run and then executes it: the user's file is loaded once.
    const columns = quiet ? undefined : terminalColumns(process.stdout);
    const command = workerCommand({ verbose, columns, ghost: isGhost });
    const session = await Session.open(command, { echo: !quiet, signal });
    const onAbort = (): void => void session.stop();
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort(); // while the process started
    if (columns !== undefined) {
      process.stdout.on('resize', () => session.resize(process.stdout.columns));
    }
    let spec: RunSpec;
    try {
      const question: Question = {
        type: 'plan-run',
        file,
        request,
        ...(experiment !== undefined && { experiment }),
      };
      // Meanwhile: it takes about as long as the process to start.
      const [planned, code] = await Promise.all([
        session.ask<RunSpec>(question),
        codeFiles(codeOf(file, asked.project)),
      ]);
      const prepared = prepareRun({ ...planned, code }, asked, flags);
      if (prepared === undefined) {
        await session.stop();
        return 0;
      }
      spec = prepared;
      createRunDir(spec);
    } catch (error) {
      await session.stop();
      if (signal.aborted) return 130;
      throw error;
    }
    if (!quiet && !isGhost)
      process.stderr.write(`${said}${pc.dim('run')}  ${relative(process.cwd(), spec.dir)}\n`);
    signal.removeEventListener('abort', onAbort);
    const again = new ContinuingLauncher(new LocalLauncher(command, { echo: !quiet }));
    const launcher: Launcher = { name: again.name, run: firstBy(session, again) };
    return executeRun(spec, launcher, { root: request.root, flags, signal });
  });
}

/** The files that the code of a project's experiment begins with. */
export function codeOf(file: string, { file: projectFile }: Project): string[] {
  return projectFile === undefined ? [file] : [file, projectFile];
}
