import { Worker } from 'node:worker_threads';
import { WidenControl } from './widen-control.ts';
import type { WidenWorkerData } from './widen-worker.ts';
import type { Widened, Widening } from './widen.ts';

/** A worker that shows no sign of life for so long is given up; a slow disk needs its time. */
const PATIENCE_MS = 60_000;

// Sources are TypeScript, which workers of older Nodes cannot load; the build is beside them.
const WORKER = import.meta.url.endsWith('.ts')
  ? '../../dist/src/logging/widen-worker.js'
  : './widen-worker.js';

/** A {@link Widening} under way in a worker thread. */
export class WidenJob {
  readonly columns: number;
  readonly #control = new WidenControl();
  readonly #worker: Worker;
  /** Settles when the worker is gone, however it ended. */
  readonly gone: Promise<void>;
  #crash: Error | undefined;
  #seen = { progress: 0, at: performance.now() };

  /** Starts the worker. @throws where there may be none. */
  constructor(task: Widening, lateSize: number) {
    this.columns = task.columns;
    this.#control.lateSize = lateSize;
    const workerData: WidenWorkerData = { task, memory: this.#control.memory };
    // Without the options of this process: a loader among them costs time, and is of no use there.
    this.#worker = new Worker(new URL(WORKER, import.meta.url), { workerData, execArgv: [] });
    this.#worker.unref();
    this.#worker.on('error', (error: Error) => (this.#crash = error));
    this.gone = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        if (this.#control.isRunning) this.#crash ??= new Error('its worker ended too early');
        resolve();
      });
    });
  }

  /** Tells the worker that there are more late rows. */
  noteLate(size: number): void {
    this.#control.lateSize = size;
  }

  /** True if the worker ended, or does not get on, without a word: another one would neither. */
  get hasCrashed(): boolean {
    if (!this.#control.isRunning) return false;
    const { progress } = this.#control;
    if (progress !== this.#seen.progress) this.#seen = { progress, at: performance.now() };
    return this.#crash !== undefined || performance.now() - this.#seen.at > PATIENCE_MS;
  }

  get isRunning(): boolean {
    return this.#control.isRunning && !this.hasCrashed;
  }

  /** @throws what made it fail. */
  get result(): Widened {
    if (this.#control.isRunning) throw this.#crash ?? new Error('its worker does not get on');
    return this.#control.result;
  }

  /** Waits with the process kept alive, other code going on. */
  async settled(): Promise<void> {
    this.#worker.ref();
    await this.gone;
  }

  /** Blocks until it has ended. */
  waitNow(): void {
    while (this.isRunning) this.#control.wait(1_000);
  }

  /** Ends it; its result is of no use any more. */
  abandon(): void {
    void this.#worker.terminate();
  }
}
