import { spawn, type ChildProcess } from 'node:child_process';
import type { Command } from './pinning.ts';
import { forgetGroup, watchGroup } from './reaper.ts';

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface WorkerEvents {
  readonly onOutput: (stream: 'stdout' | 'stderr', chunk: Buffer) => void;
  readonly onMessage: (message: unknown) => void;
}

const GRACE_MS = 5_000;

/**
 * A process in a session of its own, so that Ctrl-C in the terminal reaches it only through us. A
 * message channel carries values both ways; the process takes its closing as our death. Should it
 * not notice, it is ended all the same.
 */
export class Worker {
  readonly pid: number;
  /** Settles once the process is there; rejects if it could not start. */
  readonly started: Promise<void>;
  /** Settles when the process is gone and its output is read; rejects if it could not start. */
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  #killTimer: NodeJS.Timeout | undefined;
  #patienceTimer: NodeJS.Timeout | undefined;
  #preempted = false;

  /** @throws what the system says that has no room for a process; most of it rejects `started`. */
  constructor(command: Command, events: WorkerEvents) {
    this.#child = spawn(command.file, command.args, {
      env: command.env,
      ...(command.cwd !== undefined && { cwd: command.cwd }),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', ...(command.isForeign === true ? [] : ['ipc' as const])],
      serialization: 'advanced',
    });
    this.pid = this.#child.pid ?? 0;
    if (this.pid !== 0) watchGroup(this.pid);
    this.exited = this.#exit();
    this.started = this.#start();
    this.#child.stdout?.on('data', (chunk: Buffer) => events.onOutput('stdout', chunk));
    this.#child.stderr?.on('data', (chunk: Buffer) => events.onOutput('stderr', chunk));
    this.#child.on('message', events.onMessage);
  }

  send(message: object): void {
    // A process that is gone cannot be told; its exit says all there is to know.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  /** Asks the process and all it started to end; after a grace period they are killed. */
  stop(signal: NodeJS.Signals = 'SIGINT'): void {
    if (this.#isGone || this.#killTimer !== undefined) return;
    this.#signalGroup(signal);
    this.#killTimer = setTimeout(() => this.kill(), GRACE_MS);
  }

  /**
   * Asks the process alone to end when it has saved what it is at; whatever it has started may go on
   * until then. After so many milliseconds all of it is killed. Once more, and it is stopped at once.
   */
  preempt(patienceMs: number): void {
    if (this.#isGone) return;
    if (this.#preempted) return this.stop('SIGTERM');
    this.#preempted = true;
    try {
      process.kill(this.pid, 'SIGTERM');
    } catch {
      // it has just ended
    }
    this.#patienceTimer = setTimeout(() => this.kill(), patienceMs);
  }

  kill(): void {
    this.#signalGroup('SIGKILL');
  }

  get #isGone(): boolean {
    const { exitCode, signalCode } = this.#child;
    return this.pid === 0 || exitCode !== null || signalCode !== null;
  }

  #start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#child.once('spawn', resolve);
      this.#child.once('error', reject);
    });
  }

  async #exit(): Promise<Exit> {
    const child = this.#child;
    const exit = await new Promise<Exit>((resolve, reject) => {
      child.once('error', reject);
      // Not 'close': a grandchild may hold our end of the pipe for as long as it lives.
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    clearTimeout(this.#killTimer);
    clearTimeout(this.#patienceTimer);
    this.#signalGroup('SIGKILL');
    forgetGroup(this.pid);
    await this.#drained();
    if (child.connected) child.disconnect();
    return exit;
  }

  /** Waits for what the process wrote before it ended; its group is dead, so this is soon. */
  async #drained(): Promise<void> {
    const streams = [this.#child.stdout, this.#child.stderr].filter((stream) => stream !== null);
    const ends = streams.map(
      (stream) =>
        new Promise<void>((resolve) => {
          if (stream.readableEnded || stream.destroyed) resolve();
          else stream.once('close', () => resolve());
        }),
    );
    const patience = new Promise<void>((resolve) => setTimeout(resolve, 500).unref());
    await Promise.race([Promise.all(ends), patience]);
    for (const stream of streams) stream.destroy();
  }

  #signalGroup(signal: NodeJS.Signals): void {
    if (this.pid === 0) return;
    try {
      process.kill(-this.pid, signal);
    } catch {
      // the group is empty: nothing is left to signal
    }
  }
}
