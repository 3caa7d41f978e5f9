import { formatDuration } from '../core/duration.ts';
import { ExpError, messageOf, type ErrorCode } from '../core/errors.ts';
import { isPreemption } from '../core/preemption.ts';
import type { LaunchOptions, Outcome, RunProgress, Slot } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { identify } from '../store/process-identity.ts';
import { MarkReplacer } from '../formats/time-mark.ts';
import { endLine, startLine } from '../logging/command-lines.ts';
import { OutputLog } from '../logging/output-log.ts';
import { shownTime } from '../logging/text.ts';
import { exitReason, isKill } from './exit-reason.ts';
import { memoryKills } from './memory-kills.ts';
import { patienceFor } from './grace.ts';
import { isUnwritable } from './not-started.ts';
import type { Command } from './pinning.ts';
import { settledOutcome, type Verdict } from './settle.ts';
import { withRoom, type RoomOptions } from './with-room.ts';
import { Worker, type Exit } from './worker.ts';

/** Asks a worker process to execute a run; it answers with progress, and ends when it is done. */
export interface RunMessage {
  readonly type: 'run';
  readonly spec: RunSpec;
  readonly slot: Slot;
}

/** Tells a worker process how wide the terminal is by now. */
export interface ResizeMessage {
  readonly type: 'resize';
  readonly columns: number;
}

/** What a worker process may say. */
export type WorkerMessage =
  | { readonly type: 'reply'; readonly value: unknown }
  | {
      readonly type: 'refusal';
      readonly code: ErrorCode;
      readonly message: string;
      readonly stack?: string;
    }
  | { readonly type: 'progress'; readonly progress: RunProgress };

/** How a session treats its process. */
export interface SessionOptions extends RoomOptions {
  /** True to pass on what the process prints. */
  readonly echo: boolean;
  /** Told that the process is there and begins to work on the run. What it throws fails the run. */
  readonly onBegin?: (pid: number) => void;
  /** Told how a run has ended as far as we can see, before its manifest is believed. */
  readonly onOver?: (verdict: Verdict) => void;
}

/** One worker process, from its start to its end: questions first, then at most one run. */
export class Session {
  readonly #worker: Worker;
  readonly #log = new OutputLog();
  readonly #echo: MarkReplacer | undefined;
  readonly #exited: Worker['exited'];
  readonly #onBegin: SessionOptions['onBegin'];
  readonly #onOver: SessionOptions['onOver'];
  #onMessage: (message: WorkerMessage) => void = () => {};

  /**
   * Starts the process; where there is no room for one just now, after a while.
   * @throws {ExpError} EXP_LAUNCH if there is none in the end; what the system says of a bad command.
   */
  static open(command: Command, options: SessionOptions): Promise<Session> {
    return withRoom(async () => {
      const session = new Session(command, options);
      await session.#worker.started;
      return session;
    }, options);
  }

  private constructor(command: Command, { echo, onBegin, onOver }: SessionOptions) {
    this.#onBegin = onBegin;
    this.#onOver = onOver;
    this.#echo = echo ? new MarkReplacer(shownTime) : undefined;
    this.#worker = new Worker(command, {
      onOutput: (stream, chunk) => {
        this.#log.write(stream, chunk);
        if (this.#echo === undefined) return;
        // Text lines go to stderr; the bytes of stdout are passed on as they are.
        process[stream].write(stream === 'stderr' ? this.#echo.write(chunk) : chunk);
      },
      onMessage: (message) => this.#onMessage(message as WorkerMessage),
    });
    this.#worker.started.catch(() => {}); // so is its end, which says the same
    this.#exited = this.#worker.exited;
    this.#exited.catch(() => {}); // it is awaited below, by whoever needs to know
  }

  /**
   * Sends a question and returns the answer.
   * @throws {ExpError} what the worker refuses with, or EXP_LAUNCH if it ends without an answer.
   */
  async ask<Answer>(question: object): Promise<Answer> {
    const answer = new Promise<WorkerMessage>((resolve) => (this.#onMessage = resolve));
    this.#worker.send(question);
    const first = await Promise.race([answer, this.#exited]);
    if ('type' in first && first.type === 'reply') return first.value as Answer;
    if ('type' in first && first.type === 'refusal') {
      const error = new ExpError(first.code, first.message);
      if (first.stack !== undefined) error.stack = first.stack;
      throw error;
    }
    this.#log.close();
    const lines = ['The file ended its process while it was loaded.', ...this.#log.stderrTail];
    throw new ExpError('EXP_LAUNCH', lines.join('\n'));
  }

  /** Tells the process how wide the terminal is that its output is passed on to. */
  resize(columns: number): void {
    this.#worker.send({ type: 'resize', columns } satisfies ResizeMessage);
  }

  /** Ends the process, if it still runs. */
  async stop(): Promise<void> {
    this.#worker.stop();
    await this.#exited.catch(() => {});
  }

  /** Has the process execute a run whose directory is there, and sees it to its end. Never rejects. */
  async execute(
    spec: RunSpec,
    slot: Slot,
    { signal, onProgress, timeoutMs }: LaunchOptions,
  ): Promise<Outcome> {
    const log = this.#log;
    const startedAt = performance.now();
    const process = identify(this.#worker.pid);
    const killsBefore = memoryKills();
    let isLate = false;
    const expire = (): void => {
      isLate = true;
      this.#preempt(spec, 'SIGTERM');
    };
    const timer = timeoutMs === undefined ? undefined : setTimeout(expire, timeoutMs);
    const stop = (): void => {
      clearTimeout(timer);
      if (isPreemption(signal.reason)) this.#preempt(spec, 'SIGTERM');
      else this.#worker.stop();
    };
    try {
      this.#onBegin?.(this.#worker.pid);
      log.open(spec.dir);
      log.line(startLine(spec));
      this.#onMessage = (message) => message.type === 'progress' && onProgress(message.progress);
      signal.addEventListener('abort', stop);
      if (signal.aborted) stop();
      this.#worker.send({ type: 'run', spec, slot } satisfies RunMessage);
      const exit = await this.#exited;
      this.#flush();
      const verdict: Verdict = isLate
        ? { status: 'timeout', reason: `took longer than ${formatDuration(timeoutMs!)}` }
        : signal.aborted
          ? { status: 'interrupted', reason: 'stopped' }
          : { status: 'failed', reason: this.#reason(exit, killsBefore) };
      return this.#close(spec, startedAt, this.#outcome(spec, { ...verdict, exit, process }));
    } catch (error) {
      // A process that nobody waits for would keep ours, too.
      await this.stop();
      this.#flush();
      const verdict: Verdict = { status: 'failed', reason: messageOf(error), process };
      const outcome = this.#outcome(spec, verdict);
      const endsOthers = isUnwritable(error) ? { endsOthers: true } : {};
      return this.#close(spec, startedAt, { ...outcome, ...endsOthers });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }

  /** Has the run end, at its next checkpoint if it takes some. */
  #preempt(spec: RunSpec, otherwise: NodeJS.Signals): void {
    const patienceMs = patienceFor(spec);
    if (patienceMs === undefined) this.#worker.stop(otherwise);
    else this.#worker.preempt(patienceMs);
  }

  #reason(exit: Exit, killsBefore: number | undefined): string {
    const kills = isKill(exit) ? memoryKills() : undefined;
    const { lastWords, fatalError } = this.#log;
    const isCounted = kills !== undefined && killsBefore !== undefined;
    return exitReason(exit, {
      lastWords,
      fatalError,
      hadMemoryKill: isCounted ? kills > killsBefore : undefined,
    });
  }

  /** Passes on what the process has not ended a line or a mark of. */
  #flush(): void {
    this.#log.flush();
    const rest = this.#echo?.end() ?? '';
    if (rest !== '') process.stderr.write(rest);
  }

  #close(spec: RunSpec, startedAt: number, outcome: Outcome): Outcome {
    const seconds = (performance.now() - startedAt) / 1000;
    this.#log.line(endLine(spec, { ...outcome, seconds }));
    this.#log.close();
    return outcome;
  }

  #outcome(spec: RunSpec, verdict: Verdict): Outcome {
    const stderr = this.#log.stderrTail;
    try {
      this.#onOver?.(verdict);
    } catch (error) {
      const told = { ...verdict, reason: `${verdict.reason}; ${messageOf(error)}` };
      return settledOutcome(spec, told, stderr);
    }
    return settledOutcome(spec, verdict, stderr);
  }
}
