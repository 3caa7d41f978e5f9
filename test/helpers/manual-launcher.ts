import type { Launcher, LaunchOptions, Outcome, Slot } from '../../src/core/launcher.ts';
import type { RunSpec } from '../../src/core/run-spec.ts';

/** A launcher whose runs end when they are told to, and as interrupted when they are aborted. */
export class ManualLauncher implements Launcher {
  readonly name = 'manual';
  readonly started: string[] = [];
  readonly slots = new Map<string, number>();
  readonly #running = new Map<string, (status: string, more?: Partial<Outcome>) => void>();

  run(spec: RunSpec, slot: Slot, { signal, onProgress }: LaunchOptions): Promise<Outcome> {
    this.started.push(spec.id);
    this.slots.set(spec.id, slot.index);
    onProgress({ step: 0, metrics: { loss: 1 } });
    return new Promise((resolve) => {
      const end = (status: string, more: Partial<Outcome> = {}): void => {
        this.#running.delete(spec.id);
        signal.removeEventListener('abort', onAbort);
        resolve({ spec, status, stderr: [], ...more });
      };
      const onAbort = (): void => end('interrupted');
      this.#running.set(spec.id, end);
      signal.addEventListener('abort', onAbort);
    });
  }

  get running(): string[] {
    return [...this.#running.keys()];
  }

  /** Ends a run, and waits until whoever waits for it has gone on. */
  async end(id: string, status = 'completed', more: Partial<Outcome> = {}): Promise<void> {
    this.#running.get(id)!(status, more);
    await new Promise(setImmediate);
  }

  /** Settles when a run that waits for its next attempt has waited long enough. */
  waited(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 10));
  }
}
