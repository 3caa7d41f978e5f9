import { existsSync, readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect } from 'vitest';
import { decodeCsv } from '../../src/formats/csv.ts';
import { REPO, runExp, start } from '../helpers/run-exp.ts';
import { manifestOf, runDirs, sweepOf } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const FILE = 'test/fixtures/paced/main.ts';
const QUICK = ['lr=0.1,1', 'optimizer=sgd', 'steps=4', 'ms=5'];
const BIN = 'dist/src/cli/run-exp.js';

describe('a sweep on a terminal', () => {
  test.skipIf(!existsSync('/usr/bin/script'))(
    'draws a view over itself, and leaves what matters',
    async ({ dir }) => {
      const command = `stty cols 80 rows 24; node ${BIN} ${FILE} --sweep ${QUICK.join(' ')} failAt=1 --repeats 1 --slots 2 --affinity none --root ${dir}`;
      const { stdout } = await start('script', ['-qec', command, '/dev/null'], {
        cwd: REPO,
        env: { NO_COLOR: '1', TERM: 'xterm' },
      }).finished;

      const text = stripVTControlCharacters(stdout);
      expect(stdout).toContain('\u001B[J'); // it was drawn again
      expect(text).toMatch(/─+ +0 %/);
      expect(text).toMatch(/0\/2 runs · 2 running/);
      expect(text).toMatch(/slot +variant +step +time +rate/);
      expect(text).toMatch(/\d\/2 {2}failed {2}lr=1 {2}the loss diverged at lr 1/);
      expect(text).toMatch(/failed {2}1 of 2 runs completed in .*, 1 failed/);
      expect(text).toMatch(/next {2}npx run-exp ls --sweep/);
      for (const line of text.split(/\r?\n|\r/)) {
        if (!line.includes('run-exp')) expect(line.length).toBeLessThanOrEqual(160);
      }
    },
  );
});

describe('--json with --sweep', () => {
  test('prints what happens as JSON lines on stdout, and nothing but errors elsewhere', async ({
    dir,
  }) => {
    const words = [...QUICK, 'failAt=1', '--repeats', '1', '--root', dir];
    const { code, stdout, stderr } = await runExp([FILE, '--sweep', '--json', ...words]);

    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const of = (name: string): Record<string, unknown>[] =>
      events.filter(({ event }) => event === name);
    const { plan } = sweepOf(dir, 'paced');
    expect(code).toBe(1);
    expect(events[0]).toMatchObject({ event: 'planned', sweep: plan['id'], runs: 2, repeats: 1 });
    expect(of('started').map(({ run }) => run)).toEqual(
      runDirs(dir, 'paced').map((run) => manifestOf(run)['id']),
    );
    expect(of('progress').length).toBeGreaterThanOrEqual(2);
    expect(of('ended')).toHaveLength(2);
    expect(of('ended').find(({ status }) => status === 'failed')).toMatchObject({
      variant: { lr: 1 },
      reason: 'the loss diverged at lr 1',
    });
    expect(events.at(-1)).toMatchObject({ event: 'finished', status: 'failed', completed: 1 });
    expect(stderr).toContain('1 of 2 runs failed.');
    expect(stderr).not.toContain('at once');
  });

  test('goes on with the sweep when its reader goes away', async ({ dir }) => {
    const command = `node ${BIN} ${FILE} --sweep --json ${QUICK.join(' ')} --root ${dir} | head -1`;
    const { stdout, stderr } = await start('bash', ['-c', command], { cwd: REPO }).finished;

    expect(JSON.parse(stdout)).toMatchObject({ event: 'planned' });
    expect(stderr).toBe('');
    await expect
      .poll(() => sweepOf(dir, 'paced').journal.at(-1), { timeout: 20_000 })
      .toMatchObject({ event: 'finished', status: 'done' });
  });

  test('is refused beside --table, and where nothing is swept', async ({ dir }) => {
    const both = await runExp([FILE, '--sweep', '--json', '--table', 'csv', '--root', dir]);
    const alone = await runExp([FILE, '--table', 'csv', '--root', dir]);

    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('Leave one out') });
    expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining('Add --sweep') });
  });
});

describe('--table', () => {
  test('gives stdout the table alone; the rest is said on stderr', async ({ dir }) => {
    const words = [...QUICK, '--repeats', '1', '--root', dir];
    const { code, stdout, stderr } = await runExp([FILE, '--sweep', '--table', 'csv', ...words]);

    const rows = decodeCsv(stdout);
    expect(code).toBe(0);
    expect(rows.map(({ lr, n }) => [lr, n])).toEqual([
      ['1', '1'],
      ['0.1', '1'],
    ]);
    const best = runDirs(dir, 'paced').find((run) => manifestOf(run)['id'] === rows[0]!['runs']);
    expect(rows[0]!['accuracy_mean']).toBe(String(manifestOf(best!)['result'].accuracy));
    expect(stderr).toContain('done  2 of 2 runs completed');
    expect(stderr).toContain('npx run-exp show');
  });

  test('with --quiet prints the table and nothing else', async ({ dir }) => {
    const words = [...QUICK, '--repeats', '1', '--root', dir, '--quiet'];
    const { stdout, stderr } = await runExp([FILE, '--sweep', '--table', 'markdown', ...words]);

    expect(stdout).toMatch(/^\| lr +\| accuracy \|/);
    expect(stderr).toBe('');
  });

  test('of an unknown format names those there are', async ({ dir }) => {
    const { code, stderr } = await runExp([FILE, '--sweep', '--table', 'xml', '--root', dir]);

    expect(code).toBe(2);
    expect(stderr).toContain('text, csv, markdown, json');
  });
});

describe('the picture in the README', () => {
  test('is small, and stays out of the package', () => {
    const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: string[] };
    const [, picture] = /!\[[^\]]+\]\((examples\/[^)]+)\)/.exec(readFileSync('README.md', 'utf8'))!;

    expect(readFileSync(picture!).length).toBeLessThan(120_000);
    expect(files.some((path) => picture!.startsWith(path))).toBe(false);
  });
});
