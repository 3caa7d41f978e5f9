import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import { makeProject, treeOf } from '../helpers/project.ts';
import { runExp, startRunExp, type Finished } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const FILE = 'test/fixtures/resume/main.ts';

/** A run that was killed in the middle of an epoch; returns its directory. */
async function killedRun(root: string, ...words: string[]): Promise<string> {
  const { stderr } = await runExp([FILE, '--seed', '5', 'killAt=5', '--root', root, ...words]);
  const dir = runDirs(root, 'resumed')[0]!;
  expect(manifestOf(dir)['status'], stderr).toBe('failed');
  return dir;
}

const resume = (root: string, ...words: string[]): Promise<Finished> =>
  runExp(['resume', ...words, '--root', root]);

function curve(dir: string): string {
  const lines = readFileSync(join(dir, 'progress.csv'), 'utf8').split('\n');
  return lines.map((line) => line.split(',').toSpliced(1, 2).join(',')).join('\n');
}

describe('run-exp resume <run>', () => {
  test('goes on from the newest checkpoint, and nothing shows that it was killed', async ({
    dir,
  }) => {
    const [whole, root] = [join(dir, 'whole'), join(dir, 'killed')];
    await runExp([FILE, '--seed', '5', '--root', whole]);
    const killed = await killedRun(root);

    const { code, stderr } = await resume(root, 'last');

    expect(code, stderr).toBe(0);
    expect(stderr).toContain('goes on from its checkpoint of step 4');
    expect(runDirs(root, 'resumed')).toEqual([killed]);
    const one = runDirs(whole, 'resumed')[0]!;
    expect(curve(killed)).toBe(curve(one));
    const [a, b] = [manifestOf(killed), manifestOf(one)];
    for (const key of ['result', 'summary', 'step', 'reads']) expect(a[key]).toEqual(b[key]);
    expect(a['attempts']).toMatchObject([
      { status: 'failed' },
      { status: 'completed', resumedFrom: 4 },
    ]);
    expect(a['startedAt']).toBe(a['attempts'][0].startedAt);
    const media = (of: string): string[] => treeOf(join(of, 'artifacts/note'));
    expect(media(killed)).toEqual(media(one));
    expect(existsSync(join(killed, 'attempts/1/output.log'))).toBe(true);
  });

  test('says with --dry-run what it would do, and does nothing', async ({ dir }) => {
    const killed = await killedRun(dir);
    const before = treeOf(killed);

    const { code, stderr } = await resume(dir, basename(killed).slice(-6), '--dry-run');

    expect([code, stderr]).toEqual([0, expect.stringContaining('checkpoint of step 4')]);
    expect(treeOf(killed)).toEqual(before);
  });

  test('starts over where there is no checkpoint, and says so', async ({ dir }) => {
    const killed = await killedRun(dir, 'saves=false');

    const { code, stderr } = await resume(dir, 'last', '--allow-changes');

    expect(stderr).toContain('has no checkpoint, and starts over');
    expect(code).toBe(1); // it kills itself again, as nothing was resumed
    expect(manifestOf(killed)['attempts']).toHaveLength(2);
  });

  test('starts over with --start-over, and puts the checkpoints away', async ({ dir }) => {
    const killed = await killedRun(dir);

    const { stderr } = await resume(dir, 'last', '--start-over');

    expect(stderr).toContain(': starts over');
    expect(readdirSync(join(killed, 'attempts/1/checkpoints'))).toHaveLength(2);
    expect(curve(killed).split('\n')[1]).toMatch(/^0,/);
  });

  test('goes on from an earlier one with --step, and lists those that are known', async ({
    dir,
  }) => {
    const killed = await killedRun(dir, '--checkpoint', 'all');

    const both = await resume(dir, 'last', '--step', '2', '--start-over');
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('Leave one out')]);
    const wrong = await resume(dir, 'last', '--step', '9');
    const { code, stderr } = await resume(dir, 'last', '--step', '2');

    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringContaining(
        'no checkpoint of step 9. There are those of the steps 0, 1, 2, 3, 4.',
      ),
    ]);
    expect(code, stderr).toBe(0);
    expect(curve(killed).match(/\n\d/g)).toHaveLength(8);
  });

  test('takes the one before a damaged checkpoint, with a warning', async ({ dir }) => {
    const killed = await killedRun(dir);
    const newest = treeOf(join(killed, 'checkpoints')).at(-1)!;
    appendFileSync(join(killed, 'checkpoints', newest), 'more');

    const { code, stderr } = await resume(dir, 'last');

    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/is damaged: .*The one of step 3 is taken/);
    expect(manifestOf(killed)['attempts'][1]).toMatchObject({ resumedFrom: 3 });
  });

  test('refuses a run that has completed, with a word on what there is instead', async ({
    dir,
  }) => {
    await runExp([FILE, 'epochs=1', '--root', dir]);

    const { code, stderr } = await resume(dir, 'last');

    expect(code).toBe(2);
    expect(stderr).toMatch(/has completed: there is nothing to resume.*run-exp fork .*--in/);
  });

  test('refuses a run that is alive, with pid and host; and of two, one wins', async ({ dir }) => {
    const ledger = join(dir, 'ledger');
    const killed = await killedRun(dir, `ledger=${ledger}`, 'holdAt=6');
    writeFileSync(`${ledger}.hold`, '');
    const first = startRunExp(['resume', 'last', '--root', dir]);
    onTestFinished(() => void first.child.kill('SIGKILL'));
    const second = startRunExp(['resume', 'last', '--root', dir]);
    onTestFinished(() => void second.child.kill('SIGKILL'));

    const { code, stderr } = await Promise.race([first.finished, second.finished]);

    expect(code).toBe(2);
    expect(stderr).toMatch(/is (running|run|queued),? by process \d+ on/);
    const third = await resume(dir, 'last');
    expect([third.code, third.stderr]).toEqual([2, expect.stringMatching(/by process \d+ on/)]);
    expect(manifestOf(killed)['attempts'].length).toBeLessThanOrEqual(2);
  });

  test('finds nothing of that name, and says what is near', async ({ dir }) => {
    await killedRun(dir);

    const { code, stderr } = await resume(dir, 'nothing-like-it');

    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('No run or sweep "nothing-like-it"'),
    ]);
  });

  test('refuses to leave out what the code calls for: a row before run.restore()', async ({
    dir,
  }) => {
    const file = ownProject(dir);
    const { stderr } = await runExp([file, 'killAt=3', '--root', dir]);
    const killed = runDirs(dir, 'resumed')[0];
    expect(killed, stderr).toBeDefined();
    edit(file, 'restores ? await run.restore<State>() : undefined', 'undefined');

    const { code, stderr: said } = await resume(dir, 'last', '--allow-changes');

    expect(code).toBe(1);
    expect(said).toContain('Call "const state = await run.restore()" before the first row');
  });

  test('refuses other code and another config with a diff, unless they are allowed', async ({
    dir,
  }) => {
    const file = ownProject(dir);
    const root = join(dir, 'runs');
    await runExp([file, 'killAt=3', '--root', root]);
    const killed = runDirs(root, 'resumed')[0]!;
    edit(file, 'rate: z.number().default(0.5)', 'rate: z.number().default(0.25)');

    const refused = await resume(root, 'last');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/rate: 0\.5 → 0\.25\n +changed .*main\.ts\n[^]*--allow-changes/);
    const dry = await resume(root, 'last', '--dry-run');
    expect(dry.code).toBe(2);
    expect(dry.stderr).toMatch(/goes on from its checkpoint of step \d\n[^]*changed .*main\.ts/);
    expect(manifestOf(killed)['attempts']).toHaveLength(1);

    const { code, stderr } = await resume(root, 'last', '--allow-changes');
    expect(code, stderr).toBe(0);
    expect(manifestOf(killed)['attempts'][1]['changes']).toEqual([
      'rate: 0.5 → 0.25',
      expect.stringMatching(/^changed .*main\.ts$/),
    ]);
    const rateIn = (...path: string[]): number =>
      JSON.parse(readFileSync(join(killed, ...path, 'config.json'), 'utf8')).config.rate;
    expect([rateIn(), rateIn('attempts/1')]).toEqual([0.25, 0.5]);
  });
});

/** A project of its own with the training in it, to be edited; returns the file. */
function ownProject(dir: string): string {
  const project = join(dir, 'project');
  mkdirSync(project);
  makeProject(project, 'resume');
  return join(project, 'resume/main.ts');
}

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}
