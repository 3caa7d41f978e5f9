import type { Widened } from './widen.ts';

const RUNNING = 0;
const DONE = 1;
const FAILED = 2;
const ERROR_BYTES = 512;

/**
 * What a worker and its starter know of each other, in shared memory: no message gets through to a
 * loop that never yields.
 */
export class WidenControl {
  readonly memory: SharedArrayBuffer;
  /** State, progress, bytes of the error's text. */
  readonly #flags: Int32Array;
  /** Late rows there are; of the result: late rows taken, too wide in the copy, among the late. */
  readonly #numbers: BigInt64Array;
  readonly #error: Uint8Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(48 + ERROR_BYTES)) {
    this.memory = memory;
    this.#flags = new Int32Array(memory, 0, 4);
    this.#numbers = new BigInt64Array(memory, 16, 4);
    this.#error = new Uint8Array(memory, 48);
  }

  get isRunning(): boolean {
    return Atomics.load(this.#flags, 0) === RUNNING;
  }

  get lateSize(): number {
    return Number(Atomics.load(this.#numbers, 0));
  }

  set lateSize(size: number) {
    Atomics.store(this.#numbers, 0, BigInt(size));
  }

  /** Grows while the worker gets on. */
  get progress(): number {
    return Atomics.load(this.#flags, 1);
  }

  advance(): void {
    Atomics.add(this.#flags, 1, 1);
  }

  finish({ late, tooWide }: Widened): void {
    this.#numbers[1] = BigInt(late);
    this.#numbers[2] = BigInt(tooWide?.at ?? -1);
    this.#numbers[3] = BigInt(tooWide?.late ?? -1);
    this.#end(DONE);
  }

  fail(message: string): void {
    this.#flags[2] = new TextEncoder().encodeInto(message, this.#error).written;
    this.#end(FAILED);
  }

  /** @throws what made the worker fail. */
  get result(): Widened {
    if (Atomics.load(this.#flags, 0) === FAILED) {
      throw new Error(Buffer.from(this.#error.slice(0, this.#flags[2])).toString());
    }
    const [, late, at, tooWideLate] = Array.from(this.#numbers, Number);
    return { late: late!, tooWide: at! < 0 ? undefined : { at: at!, late: tooWideLate! } };
  }

  /** Blocks for at most so long, or until the worker has ended. */
  wait(ms: number): void {
    Atomics.wait(this.#flags, 0, RUNNING, ms);
  }

  #end(state: number): void {
    Atomics.store(this.#flags, 0, state);
    Atomics.notify(this.#flags, 0);
  }
}
