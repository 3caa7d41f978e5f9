import { relative } from 'node:path';
import pc from 'picocolors';
import type { RunSpec } from '../core/run-spec.ts';
import type { RunRequest } from '../experiment/requests.ts';
import type { Session } from '../launch/session.ts';
import type { Project } from '../project/project-config.ts';
import { codeFiles } from '../provenance/code-files.ts';
import { createRunDir } from '../store/run-dir.ts';
import { withInterrupts } from './interrupts.ts';
import type { Question } from '../worker/protocol.ts';
import { prepareRun } from './prepare-run.ts';
import type { Asked } from './run-request.ts';
import type { RunFlags } from './run-flags.ts';
import { launcherOf } from './launcher-flag.ts';
import { planAndExecute } from './plan-and-execute.ts';

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
  const { quiet = false, experiment } = flags;
  if (launcherOf(flags) === 'debug') {
    // Loaded on demand: this process never meets the user's code otherwise.
    const { debugOne } = await import('./debug.ts');
    const subject = { file, ...(experiment !== undefined && { experiment }) };
    process.exit(await debugOne(subject, asked, flags));
  }
  const isGhost = request.ghost === true;
  return withInterrupts((signal) => {
    const plan = async (session: Session): Promise<RunSpec | undefined> => {
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
      const spec = prepareRun({ ...planned, code }, asked, flags);
      if (spec === undefined) return undefined;
      createRunDir(spec);
      if (!quiet && !isGhost) {
        process.stderr.write(`${said}${pc.dim('run')}  ${relative(process.cwd(), spec.dir)}\n`);
      }
      return spec;
    };
    return planAndExecute(plan, { root: request.root, flags, signal, isGhost });
  });
}

/** The files that the code of a project's experiment begins with. */
export function codeOf(file: string, { file: projectFile }: Project): string[] {
  return projectFile === undefined ? [file] : [file, projectFile];
}
