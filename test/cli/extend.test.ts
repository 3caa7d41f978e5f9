import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { Ledger } from '../helpers/ledger.ts';
import { manifestOf, sweepOf } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

function seedsOf(ledger: Ledger): unknown[] {
  return ledger.runs
    .map(manifestOf)
    .map(({ sweep, seed }) => [sweep.variant.n, sweep.repeat, seed] as unknown);
}

describe('run-exp extend', () => {
  test('runs new values and further repeats, and no old point again', async ({ dir }) => {
    const ledger = new Ledger(dir);
    await ledger.sweep('n=0,1', '--slots', '1', '--name', 'mine');
    const old = ledger.runs;
    const before = old.map((run) => readFileSync(join(run, 'run.json'), 'utf8'));
    const seed = manifestOf(old[0]!)['seed'] as number;

    const words = ['n=1,2', '--repeats', '2', '--slots', '1'];
    const { code, stdout, stderr } = await ledger.runExp('extend', 'last', ...words);

    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/n=1 is there already\.\nextended {2}4 new runs\n/);
    expect(ledger.runs.slice(0, 2)).toEqual(old);
    expect(old.map((run) => readFileSync(join(run, 'run.json'), 'utf8'))).toEqual(before);
    const other = manifestOf(ledger.runs[3]!)['seed'] as number;
    expect(other).not.toBe(seed);
    expect(seedsOf(ledger)).toEqual([
      [0, 0, seed],
      [1, 0, seed],
      [2, 0, seed],
      [0, 1, other],
      [1, 1, other],
      [2, 1, other],
    ]);
    expect(manifestOf(ledger.runs[2]!)).toMatchObject({ name: 'mine' });
    expect(stdout.trim().split('\n').slice(1, 4)).toHaveLength(3);
    const { plan, journal } = sweepOf(ledger.root, 'ledger');
    const ids = ledger.runs.map((run) => manifestOf(run)['id'] as string);
    expect(plan['runs'].map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(plan['repeats']).toBe(2);
    const added = journal.find(({ event }) => event === 'extended');
    expect(added).toMatchObject({ runs: ids.slice(2) });

    expect(await ledger.runExp('resume', 'last')).toMatchObject({ code: 0 });
    expect(ledger.ns('start')).toHaveLength(6);
  });

  test('draws more samples, and runs what was missing before as well', async ({ dir }) => {
    const ledger = new Ledger(dir);
    ledger.fail(0);
    await ledger.sweep('n=interval(0,1000)', '--samples', '2', '--slots', '1');
    const first = ledger.ns('end');

    const { code } = await ledger.runExp('extend', 'last', '--samples', '4');

    expect(code).toBe(0);
    expect(ledger.ns('end').slice(0, 2)).toEqual(first);
    expect(new Set(ledger.ns('end')).size).toBe(4);
  });

  test('shows with --dry-run what it would add, and changes nothing', async ({ dir }) => {
    const ledger = new Ledger(dir);
    await ledger.sweep('n=0,1');
    const sweep = join(
      ledger.root,
      'ledger/sweeps',
      readdirSync(`${ledger.root}/ledger/sweeps`)[0]!,
    );
    const files = (): string[] =>
      readdirSync(sweep).map((name) => `${name} ${readFileSync(join(sweep, name), 'utf8')}`);
    const before = files();

    const { code, stdout } = await ledger.runExp('extend', 'last', 'n=5,7', '--dry-run', '--json');

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      total: 2,
      variants: [{ values: { n: 5 } }, { values: { n: 7 } }],
      runs: [
        { variant: 2, repeat: 0 },
        { variant: 3, repeat: 0 },
      ],
    });
    expect(files()).toEqual(before);
    expect(ledger.runs).toHaveLength(2);
  });

  test('refuses what is not new, and leaves the sweep as it was', async ({ dir }) => {
    const ledger = new Ledger(dir);
    await ledger.sweep('n=0,1', '--repeats', '2');
    const { plan, journal } = sweepOf(ledger.root, 'ledger');

    for (const [words, message] of [
      [['m=3'], '"m" is not swept'],
      [['n=1'], 'n=1 is there already. There is nothing new in this.'],
      [['--repeats', '1'], 'The sweep has 2 repeats; --repeats 1 would be fewer.'],
      [['n=x'], 'must be'],
      [['word'], '"word" is no override'],
    ] as const) {
      const { code, stderr } = await ledger.runExp('extend', 'last', ...words);
      expect(code).toBe(2);
      expect(stderr).toContain(message);
    }

    expect(sweepOf(ledger.root, 'ledger')).toEqual({ plan, journal });
    expect(ledger.runs).toHaveLength(4);
  });

  test('is refused while the sweep runs', async ({ dir }) => {
    const ledger = new Ledger(dir);
    ledger.hold(0);
    const sweep = ledger.start(['n=0,1']);
    await ledger.untilStarted(2);

    const { code, stderr } = await ledger.runExp('extend', 'last', 'n=7');

    expect(code).toBe(2);
    expect(stderr).toContain(`is run by process ${sweep.child.pid} on`);
    ledger.lift();
    expect(await sweep.finished).toMatchObject({ code: 0 });
  });
});
