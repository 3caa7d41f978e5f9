import { messageOf } from '../core/errors.ts';
import type { Outcome } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { Command } from './pinning.ts';
import { Session, type SessionOptions } from './session.ts';
import { settle, type Verdict } from './settle.ts';

/**
 * Starts the process of a run whose directory is there. Where none can be started, the run is over: its
 * outcome.
 */
export async function openSession(
  { spec, command }: { readonly spec: RunSpec; readonly command: Command },
  options: SessionOptions & { readonly signal: AbortSignal },
): Promise<Session | Outcome> {
  try {
    return await Session.open(command, options);
  } catch (error) {
    const verdict: Verdict = options.signal.aborted
      ? { status: 'interrupted', reason: 'stopped' }
      : { status: 'failed', reason: messageOf(error) };
    trySettle(spec.dir, verdict);
    return { spec, status: verdict.status, reason: verdict.reason, stderr: [] };
  }
}

/** The reason why no process could start is told anyway; a full disk must not hide it. */
function trySettle(dir: string, verdict: Verdict): void {
  try {
    settle(dir, verdict);
  } catch (error) {
    process.stderr.write(`exptools: the end of a run is not recorded: ${messageOf(error)}\n`);
  }
}
