import { messageOf } from '../core/errors.ts';
import type { Launcher, LaunchOptions, Outcome, Slot } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { prepareRunDir } from '../store/start-over.ts';
import { inSlot, type Command } from './pinning.ts';
import { Session } from './session.ts';

/** Starts every run in a process of its own. What the process executes is passed in. */
export class LocalLauncher implements Launcher {
  readonly name = 'local';
  readonly #command: Command;

  /** @param command starts a process that executes the run it is sent. */
  constructor(command: Command) {
    this.#command = command;
  }

  async run(spec: RunSpec, slot: Slot, options: LaunchOptions): Promise<Outcome> {
    try {
      prepareRunDir(spec);
    } catch (error) {
      return { spec, status: 'failed', reason: messageOf(error), stderr: [] };
    }
    const session = new Session(inSlot(this.#command, slot), { echo: false });
    return session.execute(spec, slot, options);
  }
}
