import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject } from 'vitest';
import { decodeCsv } from '../../src/formats/csv.ts';
import { FLUSH_INTERVAL } from '../../src/logging/fan-out.ts';
import { Rng } from '../../src/random/rng.ts';
import { REPO, start } from '../helpers/run-exp.ts';
import { test } from '../helpers/temp-dir.ts';
import { readScalars, type Scalar } from '../helpers/tensorboard.ts';

const missing = inject('missingTools');
const PROGRAM = join(REPO, 'test/fixtures/killed/main.js');
/** More rows make a CSV that is rewritten in the background. */
const LARGE = 25_000;

interface Killed {
  readonly run: string;
  readonly flushInterval: number;
  readonly acknowledged: readonly Acknowledged[];
}

interface Acknowledged {
  readonly at: number;
  readonly i: string;
  readonly key: string;
  readonly value: string;
}

interface Plan {
  readonly flushInterval: number;
  /** Rows the file begins with. */
  readonly head: number;
  readonly pauseMs: number;
  /** From the first acknowledged row to the end. */
  readonly afterMs: number;
}

async function killOnce(dir: string, name: string, plan: Plan): Promise<Killed> {
  const side = join(dir, `${name}.txt`);
  const { flushInterval, head, pauseMs, afterMs } = plan;
  const args = [PROGRAM, join(dir, 'runs'), side, flushInterval, head, pauseMs].map(String);
  const started = start(process.execPath, args);
  while (!existsSync(side) && started.child.exitCode === null) await sleep(5);
  await sleep(afterMs);
  started.child.kill('SIGKILL');
  const { signal, stderr } = await started.finished;
  expect({ signal, stderr }).toEqual({ signal: 'SIGKILL', stderr: '' });
  const [run, ...lines] = readFileSync(side, 'utf8').split('\n').slice(0, -1);
  const acknowledged = lines.map((line) => {
    const [at, i, key, value] = line.split(',');
    return { at: Number(at), i: i!, key: key!, value: value! };
  });
  return { run: run!, flushInterval, acknowledged };
}

/** What was acknowledged more than a flush interval before the program logged for the last time. */
function due({ acknowledged, flushInterval }: Killed): readonly Acknowledged[] {
  const last = acknowledged.at(-2)?.at ?? 0;
  return acknowledged.filter(({ at }) => at < last - flushInterval * 1000);
}

function lostByCsv(killed: Killed): Acknowledged[] {
  const rows = decodeCsv(readFileSync(join(killed.run, 'progress.csv'), 'utf8'));
  const byI = new Map(rows.map((row) => [row['i'], row]));
  const isRewritten = existsSync(join(killed.run, 'progress.csv.late.tmp'));
  return due(killed).filter(({ i, key, value }) => {
    const cell = byI.get(i)?.[key];
    // While a large file gets new columns, their cells wait for it, and nothing else does.
    if (isRewritten && byI.has(i) && (cell === undefined || cell === '')) return false;
    return cell !== value;
  });
}

function lostByTensorboard(killed: Killed, read: Record<string, Scalar[]>): Acknowledged[] {
  const valuesOf = (key: string): Set<string> =>
    new Set((read[key] ?? []).map(({ value }) => String(value)));
  const found = new Map(Object.keys(read).map((key) => [key, valuesOf(key)]));
  return due(killed).filter(
    ({ i, key, value }) => found.get(key)?.has(value) !== true || !found.get('i')!.has(i),
  );
}

describe('a run that is killed with SIGKILL', () => {
  test('loses at most a flush interval, new keys or not, fifty times over', async ({
    dir,
    skip,
  }) => {
    skip(missing['tensorboard'] !== undefined, missing['tensorboard']);
    const seed = Date.now() % 1e9;
    process.stdout.write(`killed.test.ts: seed ${seed}\n`);
    const rng = new Rng(seed);
    const plans = Array.from({ length: 50 }, (_, at): Plan => {
      const usual = at % 5 === 0;
      const flushInterval = usual ? FLUSH_INTERVAL : 0.1;
      const afterMs = rng.uniform(usual ? 1_200 : 200, usual ? 1_800 : 700);
      return {
        flushInterval,
        head: at % 4 === 0 ? LARGE : 0,
        pauseMs: at % 3 === 0 ? 0.3 : 1,
        afterMs,
      };
    });

    const killed: Killed[] = [];
    const left = plans.map((plan, at) => ({ plan, name: `child-${at}` }));
    const works = Array.from({ length: 4 }, async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        killed.push(await killOnce(dir, next.name, next.plan));
      }
    });
    await Promise.all(works);

    const read = readScalars(...killed.map(({ run }) => run));
    const lost = killed.flatMap((one) => [
      ...lostByCsv(one).map((row) => ({ from: 'csv', run: one.run, ...row })),
      ...lostByTensorboard(one, read[one.run]!).map((row) => ({ from: 'events', ...row })),
    ]);
    const widened = killed.filter(({ run }) => statSync(join(run, 'progress.csv')).size > 1 << 20);
    expect(killed.flatMap(due).length).toBeGreaterThan(1_000);
    expect(widened.length).toBeGreaterThan(5);
    expect(lost.length, JSON.stringify(lost.slice(0, 5))).toBe(0);
  }, 180_000);
});
