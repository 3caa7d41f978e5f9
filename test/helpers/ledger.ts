import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { runExp, startRunExp, type Finished, type SpawnOptions, type Started } from './run-exp.ts';
import { runDirs } from './stored.ts';

const FILE = 'test/fixtures/ledger/main.ts';
const PATIENCE = { timeout: 30_000, interval: 20 };

/** Sweeps whose runs write their starts and ends into a ledger, and wait where they are told to. */
export class Ledger {
  readonly root: string;
  readonly #dir: string;
  readonly #file: string;

  constructor(dir: string, file: string = FILE) {
    this.#dir = dir;
    this.#file = file;
    this.root = join(dir, 'runs');
  }

  get path(): string {
    return join(this.#dir, 'ledger.txt');
  }

  /** Runs whose n is at least `from` wait until the hold is lifted. */
  hold(from: number): void {
    writeFileSync(`${this.path}.hold`, String(from));
  }

  lift(): void {
    rmSync(`${this.path}.hold`, { force: true });
  }

  /** The run with this n fails; without one, all do well. */
  fail(n?: number): void {
    rmSync(`${this.path}.fail`, { force: true });
    if (n !== undefined) writeFileSync(`${this.path}.fail`, String(n));
  }

  /** Starts the sweep; it is ended with the test. */
  start(args: readonly string[] = [], options?: SpawnOptions): Started {
    return this.#ended(startRunExp(this.#sweep(args), options));
  }

  sweep(...args: readonly string[]): Promise<Finished> {
    return runExp(this.#sweep(args));
  }

  /** `run-exp <words> --root ...` to its end. */
  runExp(...words: readonly string[]): Promise<Finished> {
    return runExp([...words, '--root', this.root]);
  }

  startExp(...words: readonly string[]): Started {
    return this.#ended(startRunExp([...words, '--root', this.root]));
  }

  /** The n of the runs that have begun or ended so far, in that order. */
  ns(event: 'start' | 'end'): number[] {
    return this.lines(event).map(([, n]) => Number(n));
  }

  /** The n of the runs that have ended, in ascending order. */
  get ended(): number[] {
    return this.ns('end').toSorted((a, b) => a - b);
  }

  lines(event: 'start' | 'end'): string[][] {
    if (!existsSync(this.path)) return [];
    const lines = readFileSync(this.path, 'utf8').trimEnd().split('\n');
    return lines.map((line) => line.split(' ')).filter(([what]) => what === event);
  }

  /** Waits until so many runs have begun. */
  untilStarted(count: number): Promise<void> {
    return vi.waitFor(() => {
      const { length } = this.ns('start');
      if (length < count) throw new Error(`${length} of ${count} runs have begun`);
    }, PATIENCE);
  }

  get runs(): string[] {
    return runDirs(this.root, 'ledger');
  }

  #sweep(args: readonly string[]): string[] {
    return [this.#file, '--sweep', '--root', this.root, `ledger=${this.path}`, ...args];
  }

  #ended(started: Started): Started {
    onTestFinished(() => void started.child.kill('SIGKILL'));
    return started;
  }
}
