import { messageOf } from '../core/errors.ts';
import type { Launcher, LaunchOptions, Outcome, Slot } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { prepareRunDir } from '../store/start-over.ts';
import { notStarted } from './not-started.ts';
import { inSlot, type Command } from './pinning.ts';
import { Session } from './session.ts';
import { settle, type Verdict } from './settle.ts';

/** Starts every run in a process of its own. What the process executes is passed in. */
export class LocalLauncher implements Launcher {
  readonly name = 'local';
  readonly #command: Command;
  readonly #echo: boolean;

  /**
   * @param command starts a process that executes the run it is sent.
   * @param options.echo true to pass on what the processes print.
   */
  constructor(command: Command, { echo = false }: { readonly echo?: boolean } = {}) {
    this.#command = command;
    this.#echo = echo;
  }

  async run(spec: RunSpec, slot: Slot, options: LaunchOptions): Promise<Outcome> {
    const { signal, onNotice } = options;
    try {
      prepareRunDir(spec);
    } catch (error) {
      return notStarted(spec, error);
    }
    let session: Session;
    try {
      const command = inSlot(this.#command, slot);
      session = await Session.open(command, { echo: this.#echo, signal, onNotice });
    } catch (error) {
      const verdict: Verdict = signal.aborted
        ? { status: 'interrupted', reason: 'stopped' }
        : { status: 'failed', reason: messageOf(error) };
      trySettle(spec.dir, verdict);
      return { spec, status: verdict.status, reason: verdict.reason, stderr: [] };
    }
    return session.execute(spec, slot, options);
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
