import type { Launcher, LaunchOptions, Outcome, Slot } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { prepareRunDir } from '../store/start-over.ts';
import { notStarted } from './not-started.ts';
import type { Command } from './pinning.ts';
import { runProcess } from './run-process.ts';

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
    try {
      prepareRunDir(spec);
    } catch (error) {
      return notStarted(spec, error);
    }
    const command = this.#command;
    return runProcess({ spec, slot, command }, { ...options, echo: this.#echo });
  }
}
