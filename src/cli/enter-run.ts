import { relative } from 'node:path';
import pc from 'picocolors';
import { looksLikeOverride } from '../config/override.ts';
import { ExpError } from '../core/errors.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { enteredSpec, enterRequest } from '../experiment/enter.ts';
import type { RunRequest } from '../experiment/requests.ts';
import type { Session } from '../launch/session.ts';
import { enterRun, refuseOpen } from '../store/enter-run.ts';
import { findRun } from '../store/find-runs.ts';
import { LauncherLock } from '../store/launcher-lock.ts';
import { StoredRun } from '../store/stored-run.ts';
import type { Question } from '../worker/protocol.ts';
import { withInterrupts } from './interrupts.ts';
import { planAndExecute } from './plan-and-execute.ts';
import type { Project } from '../project/project-config.ts';
import type { RunFlags } from './run-flags.ts';
import { runRequest } from './run-request.ts';

/** Flags that a command which enters a run cannot follow: they are about another run. */
const REFUSED = {
  sweep: '--sweep',
  seed: '--seed',
  from: '--from',
  ghost: '--ghost',
  dryRun: '--dry-run',
  printConfig: '--print-config',
  saveConfig: '--save-config',
  skipExisting: '--skip-existing',
  retries: '--retries',
  name: '--name',
  comment: '--comment',
  checkpoint: '--checkpoint',
  tag: '--tag',
  push: '--push',
  dropWithoutResults: '--drop-without-results',
  launcher: '--launcher',
  debug: '--debug',
  experiment: '--experiment',
} as const satisfies Partial<Record<keyof RunFlags, string>>;

/**
 * Enters a run that is over by another command of its experiment, as its next attempt. Returns the
 * exit code, which is that of the command.
 * @throws {ExpError} EXP_USAGE for a run that is not over, and for changes of its config.
 */
export async function enterByFile(
  file: string,
  words: readonly string[],
  flags: RunFlags & { readonly in: string },
  project: Project,
): Promise<number> {
  const { command, root, sinks, systemMetrics, grace } = runRequest(file, words, flags, project);
  const asked = {
    ...(sinks !== undefined && { sinks }),
    ...(systemMetrics !== undefined && { systemMetrics }),
    ...(grace !== undefined && { grace }),
  };
  const found = findRun(root, flags.in);
  refuseOpen(found);
  enterRequest(found, command);
  const lock = new LauncherLock(found.dir, 'run');
  try {
    // Somebody may have entered it before the lock was ours.
    const run = new StoredRun(found.dir);
    refuseOpen(run);
    return await withInterrupts((signal) =>
      enter(file, run, { command, root, asked, flags, signal }),
    );
  } finally {
    lock.release();
  }
}

interface Entry {
  readonly command: string | undefined;
  readonly root: string;
  /** How it is executed, as flags say. */
  readonly asked: Pick<RunRequest, 'sinks' | 'systemMetrics' | 'grace'>;
  readonly flags: RunFlags;
  readonly signal: AbortSignal;
}

function enter(
  file: string,
  run: StoredRun,
  { command, root, asked, flags, signal }: Entry,
): Promise<number> {
  const plan = async (session: Session): Promise<RunSpec> => {
    const { experiment, attempts } = run.manifest;
    const question: Question = {
      type: 'plan-run',
      file,
      experiment,
      request: { root, file, ...enterRequest(run, command), ...asked },
    };
    const spec = enteredSpec(await session.ask<RunSpec>(question), run);
    enterRun(run.dir);
    if (flags.quiet !== true) {
      const place = relative(process.cwd(), run.dir);
      process.stderr.write(`${pc.dim('enter')}  ${place}, attempt ${attempts.length + 1}\n`);
    }
    return spec;
  };
  return planAndExecute(plan, { root, flags, signal, isEntering: true });
}

/**
 * Refuses what a command cannot follow that enters a run.
 * @throws {ExpError} EXP_USAGE
 */
export function checkEntry(words: readonly string[], flags: RunFlags): void {
  const change = words.find(looksLikeOverride);
  if (change !== undefined) {
    throw new ExpError(
      'EXP_USAGE',
      `--in enters a run with the config it has, and "${change}" would change it. ` +
        `Leave it out, or start a new run: npx run-exp fork ${flags.in} ${change}`,
    );
  }
  const other = Object.entries(REFUSED).find(([name]) => {
    const value = flags[name as keyof RunFlags];
    return value !== undefined && value !== false;
  });
  if (other === undefined) return;
  throw new ExpError(
    'EXP_USAGE',
    `--in enters a run that is there: ${other[1]} has no place. Leave one out.`,
  );
}
