import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { runExp, type Finished } from '../helpers/run-exp.ts';
import { manifestOf, runDirs, sweepOf } from '../helpers/stored.ts';
import { test as base } from '../helpers/temp-dir.ts';

const COMMENT = 'a "quoted", über-long note';

interface Past {
  readonly root: string;
  /** Four runs of a sweep over drift and noise. */
  readonly swept: readonly string[];
  readonly single: string;
  readonly failed: string;
}

/** A root with a sweep, a run with a name, and a run that failed. */
const test = base.extend<{ past: Past }>({
  past: [
    // oxlint-disable-next-line no-empty-pattern -- vitest reads which fixtures this one needs
    async ({}, use) => {
      const root = mkdtempSync(join(tmpdir(), 'exptools-'));
      const run = (...args: string[]): Promise<Finished> => runExp([...args, '--root', root]);
      const walk = 'test/fixtures/walk/main.ts';
      await run(walk, '--sweep', 'drift=1,2', 'noise=0,1', '--seed', '7');
      const swept = runDirs(root, 'walk');
      await run(walk, 'drift=9', 'noise=0', 'steps=2', '--name', 'base', '--comment', COMMENT);
      await run('test/fixtures/endings/main.ts', 'how=throw');
      const single = runDirs(root, 'walk').at(-1)!;
      await use({ root, swept, single, failed: runDirs(root, 'endings')[0]! });
      rmSync(root, { recursive: true, force: true });
    },
    { scope: 'file' },
  ],
});

describe('run-exp ls', () => {
  test('lists runs, oldest first, one a line', async ({ past }) => {
    const { code, stdout } = await look(past, 'ls');

    expect(code).toBe(0);
    const [head, ...lines] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^experiment +run +status +age +took +variant +repeat +objective$/);
    expect(lines.map((line) => line.split(/ {2,}/).filter((_, i) => i !== 3 && i !== 4))).toEqual([
      ['walk', tail(past.swept[0]!), 'completed', 'drift=1 noise=0', '#1', 'place 20'],
      ['walk', tail(past.swept[1]!), 'completed', 'drift=1 noise=1', '#1', expect.anything()],
      ['walk', tail(past.swept[2]!), 'completed', 'drift=2 noise=0', '#1', 'place 40'],
      ['walk', tail(past.swept[3]!), 'completed', 'drift=2 noise=1', '#1', expect.anything()],
      ['walk', tail(past.single), 'completed', 'base', 'drift=9 noise=0 steps=2', 'place 18'],
      ['endings', tail(past.failed), 'failed', 'how=throw'],
    ]);
  });

  test.for<{ by: string; args: readonly string[]; shown: (past: Past) => readonly string[] }>([
    { by: 'experiment', args: ['endings'], shown: (past) => [past.failed] },
    { by: 'two experiments', args: ['endings', 'walk'], shown: everything },
    {
      by: 'a config value',
      args: ['drift=2'],
      shown: (past) => [past.swept[2]!, past.swept[3]!],
    },
    { by: 'a value as another text', args: ['drift=9.0'], shown: (past) => [past.single] },
    {
      by: 'two values',
      args: ['drift=2', 'noise=1', 'walk'],
      shown: (past) => [past.swept[3]!],
    },
    { by: 'a text', args: ['how=throw'], shown: (past) => [past.failed] },
    { by: 'seed', args: ['seed=7'], shown: (past) => past.swept },
    { by: '--status', args: ['--status', 'failed'], shown: (past) => [past.failed] },
    { by: '--sweep', args: ['--sweep', 'last'], shown: (past) => past.swept },
    { by: '--limit', args: ['--limit', '2'], shown: (past) => [past.single, past.failed] },
    { by: 'what no run has', args: ['drift=77'], shown: () => [] },
    { by: 'an unknown key', args: ['nothing=1'], shown: () => [] },
  ])('filters by $by', async ({ args, shown }, { past }) => {
    const { code, stdout } = await look(past, 'ls', ...args, '--json');

    const dirs = (JSON.parse(stdout) as { dir: string }[]).map(({ dir }) => dir);
    expect(dirs).toEqual(shown(past));
    expect(code).toBe(0);
  });

  test('prints JSON with all a script may want', async ({ past }) => {
    const { stdout } = await look(past, 'ls', 'drift=2', 'noise=0', '--json');

    const sweep = sweepOf(past.root, 'walk').plan['id'] as string;
    expect(JSON.parse(stdout)).toMatchObject([
      {
        id: manifestOf(past.swept[2]!)['id'] as string,
        experiment: 'walk',
        status: 'completed',
        variant: { drift: 2, noise: 0 },
        repeat: 0,
        sweep,
        objective: { metric: 'place', direction: 'maximize', value: 40 },
        result: { place: 40 },
        dir: past.swept[2]!,
      },
    ]);
  });

  test('says how many older runs --limit hides', async ({ past }) => {
    const { stderr } = await look(past, 'ls', '--limit', '2');

    expect(stderr).toContain('4 older runs are not shown');
  });

  test('names the nearest experiment for an unknown one', async ({ past }) => {
    const { code, stdout, stderr } = await look(past, 'ls', 'wlak');

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Did you mean "walk"?');
  });

  test('leaves out a damaged run, and names it', async ({ dir }) => {
    mkdirSync(join(dir, 'walk/broken'), { recursive: true });
    writeFileSync(join(dir, 'walk/broken/run.json'), '{ "format": 1, "id"');

    const { code, stdout, stderr } = await runExp(['ls', '--root', dir, '--json']);

    expect({ code, stdout }).toEqual({ code: 0, stdout: '[]\n' });
    expect(stderr).toContain(join('walk/broken/run.json'));
  });
});

describe('run-exp show', () => {
  test('prints config with origins, last metrics and files', async ({ past }) => {
    const { code, stdout } = await look(past, 'show', tail(past.single));

    expect(code).toBe(0);
    expect(stdout).toContain(COMMENT);
    const lines = stdout.split('\n').map((line) => line.trim().split(/ {2,}/));
    expect(lines).toContainEqual(['walk', manifestOf(past.single)['id']]);
    expect(lines).toContainEqual(['status', 'completed']);
    expect(lines).toContainEqual(['result', '{"place":18}']);
    expect(lines).toContainEqual(['drift', '9', 'override drift=9']);
    expect(lines).toContainEqual(['steps', '2', 'override steps=2']);
    expect(lines).toContainEqual(['place', '18']);
    expect(lines).toContainEqual(['progress.csv', expect.stringMatching(/ B$/)]);
    expect(lines).toContainEqual(['run.json', expect.stringMatching(/ k?B$/)]);
  });

  test('prints why a run failed, and which values are defaults', async ({ past }) => {
    const { stdout } = await look(past, 'show', past.failed);

    const lines = stdout.split('\n').map((line) => line.trim().split(/ {2,}/));
    expect(lines).toContainEqual(['status', 'failed: the loss is out of range']);
    expect(lines).toContainEqual(['rows', '5', 'default']);
  });

  test('prints all of it as JSON', async ({ past }) => {
    const { stdout } = await look(past, 'show', past.single, '--json');

    const shown = JSON.parse(stdout) as Record<string, unknown>;
    expect(shown).toMatchObject({
      ...manifestOf(past.single),
      dir: past.single,
      config: { drift: 9, noise: 0, steps: 2 },
      origins: { drift: { layer: 'override', text: 'drift=9' } },
      metrics: { step: 1, place: 18 },
    });
    const files = (shown['files'] as { file: string }[]).map(({ file }) => file);
    expect(files).toEqual(expect.arrayContaining(['config.json', 'progress.csv', 'run.json']));
  });

  test('says which variant and repeat a run of a sweep is', async ({ past }) => {
    const { stdout } = await look(past, 'show', tail(past.swept[1]!));

    expect(stdout).toMatch(/sweep +\S+, variant 2, repeat 1/);
    expect(stdout).toMatch(/noise +1 +variant/);
  });
});

function look({ root }: Past, ...args: string[]): Promise<Finished> {
  return runExp([...args, '--root', root]);
}

function everything({ swept, single, failed }: Past): string[] {
  return [...swept, single, failed];
}

/** The random end of a run's id. */
function tail(run: string): string {
  return run.slice(-6);
}
