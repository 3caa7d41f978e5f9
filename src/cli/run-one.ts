import { relative } from 'node:path';
import pc from 'picocolors';
import type { Launcher, Outcome, Slot } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { terminalColumns } from '../core/terminal.ts';
import type { RunRequest } from '../experiment/requests.ts';
import { LocalLauncher } from '../launch/local-launcher.ts';
import type { Command } from '../launch/pinning.ts';
import { runAll } from '../launch/run-all.ts';
import { Session } from '../launch/session.ts';
import { backUpSources } from '../run/back-up-sources.ts';
import { tryReadManifest } from '../store/manifest-file.ts';
import { createRunDir } from '../store/run-dir.ts';
import { launched } from './detach.ts';
import { durationText, numberText, statusText } from './format.ts';
import { withInterrupts } from './interrupts.ts';
import { policyOf, retryText } from './run-policy.ts';
import { lossTexts } from './loss-text.ts';
import type { Question } from '../worker/protocol.ts';
import { rootFlag } from './project.ts';
import type { Asked } from './run-request.ts';
import type { RunFlags } from './run-options.ts';
import { skipExisting } from '../sweeper/skip-existing.ts';
import { workerCommand } from '../worker/worker-command.ts';

/** Executes a single run in a process of its own, whose output is passed on. Returns the exit code. */
export async function runOne(
  file: string,
  { request, project, earlier }: Asked<RunRequest>,
  flags: RunFlags,
): Promise<number> {
  const { quiet = false, verbose = false, experiment } = flags;
  const isGhost = request.ghost === true;
  return withInterrupts(async (signal) => {
    // One process plans the run and then executes it: the user's file is loaded once.
    const columns = quiet ? undefined : terminalColumns(process.stdout);
    const command = workerCommand({ verbose, columns, ghost: isGhost });
    const session = await Session.open(command, { echo: !quiet, signal });
    const onAbort = (): void => void session.stop();
    signal.addEventListener('abort', onAbort);
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
      const planned = await session.ask<RunSpec>(question);
      const [existing] =
        flags.skipExisting === true ? skipExisting(earlier, [planned]).existing : [];
      if (existing !== undefined) {
        await session.stop();
        const text = `${pc.dim('skipped')}  this config completed before: ${existing}\n`;
        if (!quiet) process.stderr.write(text);
        return 0;
      }
      const sources = isGhost ? undefined : backUpSources(project, request.root);
      spec = { ...planned, ...(sources !== undefined && { sources }) };
      createRunDir(spec);
    } catch (error) {
      await session.stop();
      if (signal.aborted) return 130;
      throw error;
    }
    if (!quiet && !isGhost)
      process.stderr.write(`${pc.dim('run')}  ${relative(process.cwd(), spec.dir)}\n`);
    const outcome = await attempts(spec, session, command, flags, signal);
    if (outcome === undefined) return 130;
    if (!quiet || outcome.status !== 'completed')
      process.stderr.write(summary(outcome, await rootFlag(request.root), quiet));
    else for (const text of lossTexts(tryReadManifest(spec.dir))) process.stderr.write(`${text}\n`);
    if (outcome.status === 'completed') return 0;
    return signal.aborted || outcome.status === 'interrupted' ? 130 : 1;
  });
}

/** Executes the run, again if need be; a single run has the machine to itself and is not pinned. */
async function attempts(
  spec: RunSpec,
  session: Session,
  command: Command,
  flags: RunFlags,
  signal: AbortSignal,
): Promise<Outcome | undefined> {
  const { quiet = false } = flags;
  const again = new LocalLauncher(command, { echo: !quiet });
  const launcher: Launcher = { name: again.name, run: inTurn(session, again) };
  const slot: Slot = { index: 0, cpus: [] };
  const executing = runAll([spec], [slot], launcher, policyOf(flags, signal), {
    onEnd: ({ status, reason }, _slot, retry) => {
      if (retry === undefined || quiet) return;
      const why = reason === undefined ? '' : `: ${reason}`;
      process.stderr.write(`${statusText(status)}${why}; ${retryText(retry)}\n`);
    },
  });
  launched(spec.dir);
  return (await executing)[0];
}

/** The process that planned the run executes its first attempt; later ones get one of their own. */
function inTurn(session: Session, again: Launcher): Launcher['run'] {
  let first: Session | undefined = session;
  return (spec, slot, options) => {
    const runner = first;
    first = undefined;
    return runner?.execute(spec, slot, options) ?? again.run(spec, slot, options);
  };
}

function summary({ spec, status, reason, stderr }: Outcome, flag: string, quiet: boolean): string {
  const manifest = tryReadManifest(spec.dir);
  if (manifest === undefined)
    return `${statusText(status)}: ${reason ?? 'its directory is gone'}\n`;
  const took = manifest.elapsed === undefined ? '' : ` in ${durationText(manifest.elapsed * 1000)}`;
  const why = reason === undefined ? '' : `: ${reason}`;
  const lines = [`${statusText(status)}${took}${why}`];
  const result = manifest.result;
  if (typeof result === 'object' && result !== null && !Array.isArray(result)) {
    for (const [key, value] of Object.entries(result))
      lines.push(`${pc.dim(key)}  ${numberText(value)}`);
  } else if (result !== undefined) {
    lines.push(`${pc.dim('result')}  ${numberText(result)}`);
  }
  lines.push(...lossTexts(manifest).map((text) => pc.yellow(text)));
  if (quiet) lines.push(...stderr);
  if (spec.ghost !== true)
    lines.push(`${pc.dim('next')}  npx run-exp show ${spec.id.slice(-6)}${flag}`);
  return `${lines.join('\n')}\n`;
}
