import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { Rng } from '../../src/random/rng.ts';
import { startRunExp, type Finished, type Started } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const RUNS = 60;
const MOST_KILLS = 40;

/** A sweep of runs that keep a ledger, and what is needed to make its life hard. */
class Victim {
  readonly #root: string;
  readonly #ledger: string;
  readonly #mark: string;

  constructor(root: string) {
    this.#root = root;
    this.#ledger = join(root, 'ledger.txt');
    this.#mark = `EXP_CHAOS=${root}`;
    writeFileSync(this.#ledger, '');
  }

  start(): Started {
    const axes = [`i=range(${RUNS})`, `ledger=${this.#ledger}`];
    return this.#runExp('test/fixtures/chaos/main.ts', '--sweep', ...axes);
  }

  resume(): Started {
    return this.#runExp('resume', 'last', '--failed');
  }

  /** Kills one run in the middle of its work. */
  killRun(rng: Rng): boolean {
    const busy = this.#busy();
    if (busy.length === 0) return false;
    const pid = rng.choice(busy);
    if (!signal(pid, 'SIGSTOP')) return false;
    // One that has done its work meanwhile is to be recorded as done.
    const isBusy = this.#busy().includes(pid);
    return signal(pid, isBusy ? 'SIGKILL' : 'SIGCONT') && isBusy;
  }

  /** The processes that belong to the sweep: launchers, runs, and all they started. */
  alive(): string[] {
    return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && this.#isMarked(pid));
  }

  /** There is no sweep to resume before its plan is frozen. */
  get hasStarted(): boolean {
    return this.#busy().length > 0;
  }

  get lines(): string[][] {
    const lines = readFileSync(this.#ledger, 'utf8').trimEnd().split('\n');
    return lines.map((line) => line.split(' '));
  }

  #runExp(...args: string[]): Started {
    const flags = ['--root', this.#root, '--slots', '3', '--affinity', 'none', '--quiet'];
    return startRunExp([...args, ...flags], { env: { EXP_CHAOS: this.#root } });
  }

  #busy(): number[] {
    const over = new Set(this.lines.filter(([what]) => what === 'end').map(([, , pid]) => pid));
    return this.lines
      .filter(([what, , pid]) => what === 'start' && !over.has(pid) && this.#isMarked(pid!))
      .map(([, , pid]) => Number(pid));
  }

  #isMarked(pid: string): boolean {
    try {
      // That of a zombie is empty.
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(this.#mark);
    } catch {
      return false;
    }
  }
}

describe('a sweep whose runs and launchers are killed at random', () => {
  test('does every run exactly once, and leaves no process behind', async ({ dir }) => {
    const victim = new Victim(dir);
    const rng = new Rng(20_261_121);
    let [sweep, kills, launcherKills] = [victim.start(), 0, 0];
    for (;;) {
      const end = await Promise.race([sweep.finished, after(rng.uniform(100, 700))]);
      if (end === undefined && kills + launcherKills < MOST_KILLS) {
        if (rng.uniform(0, 1) < 0.7) kills += Number(victim.killRun(rng));
        else if (victim.hasStarted) {
          sweep.child.kill('SIGKILL');
          launcherKills++;
          await sweep.finished;
        }
      }
      if (end === undefined && sweep.child.signalCode === null) continue;
      if (end?.code === 0) break;
      await vi.waitFor(() => expect(victim.alive()).toEqual([]), { timeout: 5_000, interval: 50 });
      sweep = victim.resume();
    }

    expect(victim.lines.filter(([what]) => what === 'overlap')).toEqual([]);
    const done = victim.lines.filter(([what]) => what === 'end').map(([, id]) => id);
    const runs = runDirs(dir, 'chaos').map((run) => manifestOf(run));
    expect(done).toHaveLength(RUNS);
    expect(new Set(done)).toEqual(new Set(runs.map(({ id }) => id as string)));
    expect(runs).toHaveLength(RUNS);
    expect(runs.filter(({ status }) => status !== 'completed')).toEqual([]);
    expect(runs.some(({ attempts }) => (attempts as unknown[]).length > 1)).toBe(true);
    expect(Math.min(kills, launcherKills)).toBeGreaterThan(1);
  }, 600_000);
});

function after(ms: number): Promise<Finished | undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
