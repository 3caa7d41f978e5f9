import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { codeProject, env, exp, json, MAIN } from '../helpers/code-project.ts';
import { git, head } from '../helpers/repository.ts';
import { start } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

describe('the exact code of runs', () => {
  test('is a commit and a tag, shared by the runs of a sweep, with how each one ended', async ({
    dir,
  }) => {
    const commit = codeProject(dir);
    writeFileSync(join(dir, 'new.txt'), 'new');

    await exp(dir, 'main.ts', '--sweep', 'end=well,badly,killed', '--tag');

    const runs = runDirs(join(dir, 'runs'), 'toy').map(manifestOf);
    expect(new Set(runs.map((run) => run['git'].snapshot)).size).toBe(1);
    const { snapshot } = runs[0]!['git'] as { snapshot: string };
    expect(git(dir, 'show', `${snapshot}:new.txt`)).toBe('new');
    expect(runs.map((run) => run['result'])).toEqual([
      { early: 1, loss: 0.5 },
      { early: 1, loss: 9 },
      { early: 1, loss: 9 },
    ]);
    const listed = json(await exp(dir, 'tags', '--json')) as Record<string, any>[];
    expect(listed).toMatchObject(
      runs.map((run) => ({
        run: run['id'],
        status: run['status'],
        commit: snapshot,
        parent: commit,
        results: run['result'],
        parameters: { lr: 0.5 },
        refs: [`refs/exptools/runs/${run['id']}`, `refs/tags/${run['tag']}`],
      })),
    );
    expect(listed.map(({ status }) => status as string)).toEqual(['completed', 'failed', 'failed']);
    expect(git(dir, 'tag').trim().split('\n')).toHaveLength(3);
    expect(head(dir)).toBe(commit);
    expect(git(dir, 'status', '--porcelain')).toBe('?? new.txt\n');
  });

  test('is listed by its commit and by the one it began on', async ({ dir }) => {
    const first = codeProject(dir);
    await exp(dir, 'main.ts');
    writeFileSync(join(dir, 'new.txt'), 'new');
    await exp(dir, 'main.ts', 'lr=2', 'end=badly');
    git(dir, 'add', '-A');
    git(dir, 'commit', '-qm', 'second');
    await exp(dir, 'main.ts', 'lr=3');
    git(dir, 'update-ref', 'refs/exptools/runs/foreign', first);
    const [one, two, three] = runDirs(join(dir, 'runs'), 'toy').map(manifestOf);
    const listed = async (...flags: string[]): Promise<unknown[]> =>
      (json(await exp(dir, 'tags', '--json', ...flags)) as { run: string }[]).map(({ run }) => run);

    expect(await listed()).toEqual([one!['id'], two!['id'], three!['id'], undefined]);
    expect(await listed('-c', first.slice(0, 8))).toEqual([one!['id'], two!['id'], undefined]);
    expect(await listed('-c', two!['git'].snapshot as string)).toEqual([two!['id']]);
    expect(await listed('-c', 'HEAD', '-s')).toEqual([three!['id']]);
    const text = (await exp(dir, 'tags')).stdout;
    expect(text).toMatch(/^run +experiment +status +commit +snapshot +results\n/);
    expect(text).toContain('early=1 loss=3');
    expect(text).toMatch(/exptools\/runs\/foreign +no record of a run/);
    const bad = await exp(dir, 'tags', '-c', 'nothing');
    expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining('no commit of this') });
  });

  test('outlives its run if nothing came out, unless it is to be dropped', async ({ dir }) => {
    codeProject(dir);
    const empty = MAIN.replace(/return.*|run\.recordResults.*/g, '');
    writeFileSync(join(dir, 'empty.ts'), empty);
    const { stderr } = await exp(dir, 'empty.ts', '--drop-without-results', '--tag');

    expect(stderr).toContain('has no results: its tags are, also experiments/toy@');
    expect((await exp(dir, 'tags')).stdout).toBe('No tags of runs.\n');
    expect(runDirs(join(dir, 'runs'), 'toy')).toHaveLength(1);
    await exp(dir, 'empty.ts', 'end=killed', '--drop-without-results');
    await exp(dir, 'main.ts', '--drop-without-results');
    await exp(dir, 'empty.ts');
    expect(json(await exp(dir, 'tags', '--json'))).toHaveLength(2);
  });

  test('is pushed, pulled and removed', async ({ dir }) => {
    const home = join(dir, 'home');
    mkdirSync(home);
    codeProject(home);
    git(dir, 'init', '-q', '--bare', 'remote.git');
    git(home, 'remote', 'add', 'origin', join(dir, 'remote.git'));
    git(home, 'push', '-q', 'origin', 'HEAD');
    writeFileSync(join(home, 'new.txt'), 'new');
    await exp(home, 'main.ts', '--push');
    await exp(home, 'main.ts', '--tag');
    git(dir, 'clone', '-q', '--no-tags', join(dir, 'remote.git'), 'clone');
    const clone = join(dir, 'clone');

    expect((await exp(clone, 'tags', 'pull')).stdout).toBe('pulled  1 ref from origin\n');
    expect((await exp(home, 'tags', 'push')).stdout).toBe('pushed  2 refs to origin\n');
    await exp(clone, 'tags', 'pull', 'origin');
    const pulled = json(await exp(clone, 'tags', '--json')) as { run: string; refs: string[] }[];
    expect(pulled).toEqual(json(await exp(home, 'tags', '--json')));

    await exp(clone, 'checkout', pulled[0]!.run, join(dir, 'out'));
    expect(readFileSync(join(dir, 'out/new.txt'), 'utf8')).toBe('new');
    const tag = pulled[1]!.refs[1]!.replace('refs/tags/experiments/', '');
    expect((await exp(clone, 'tags', 'rm', tag)).stdout).toBe(
      `removed  refs/tags/experiments/${tag}\n`,
    );
    const both = await exp(clone, 'tags', 'rm', ...pulled.map(({ run }) => run.slice(-6)));
    expect(both.stdout).toBe(
      pulled.map(({ run }) => `removed  refs/exptools/runs/${run}\n`).join(''),
    );
    expect((await exp(clone, 'tags', 'rm', 'last')).code).toBe(2);
    expect(await exp(clone, 'tags', 'push', 'nowhere')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('the remote "nowhere"'),
    });
  });

  test('of a run that nobody could end says what its directory shows', async ({ dir }) => {
    codeProject(dir);
    const words = ['--import', 'exptools/register', 'killed.ts', 'lr=4'];
    writeFileSync(join(dir, 'killed.ts'), MAIN.replace("default('well')", "default('killed')"));
    await start(process.execPath, words, { cwd: dir, env }).finished;

    const [record] = json(await exp(dir, 'tags', '--json')) as { status: string }[];
    expect(record).toMatchObject({ status: 'lost', parameters: { lr: 4 } });
    const [elsewhere] = json(await exp(dir, 'tags', '--json', '--root', 'none')) as [object];
    expect(elsewhere).toMatchObject({ status: 'running' });
  });

  test('is nowhere in ghost mode, nor where the project wants none', async ({ dir }) => {
    codeProject(dir);
    await exp(dir, 'main.ts', '--ghost');
    writeFileSync(join(dir, 'exptools.config.json'), '{ "snapshot": false }');
    await exp(dir, 'main.ts');

    expect(git(dir, 'for-each-ref', 'refs/exptools')).toBe('');
    const [run] = runDirs(join(dir, 'runs'), 'toy').map(manifestOf);
    expect(run!['git']).toEqual({ commit: head(dir), branch: 'trunk', dirty: true });
  });

  test('fifty runs that start at once have fifty correct records', async ({ dir }) => {
    const commit = codeProject(dir);
    writeFileSync(
      join(dir, 'open.mjs'),
      `import { openRun } from 'exptools';
      await openRun({ name: 'open', config: { n: Number(process.argv[2]) }, sinks: [] }, (run) => run.config.n);`,
    );
    const before = readFileSync(join(dir, '.git/index'));

    const ends = await Promise.all(
      Array.from(
        { length: 50 },
        (_, n) => start(process.execPath, ['open.mjs', `${n}`], { cwd: dir, env }).finished,
      ),
    );

    expect(ends.filter(({ code, stderr }) => code !== 0 || /exptools:/.test(stderr))).toEqual([]);
    const listed = json(await exp(dir, 'tags', '--json')) as Record<string, any>[];
    expect(listed).toHaveLength(50);
    const [{ commit: snapshot }] = listed as [{ commit: string }];
    for (const record of listed) {
      expect(record).toMatchObject({ status: 'completed', commit: snapshot, parent: commit });
      expect(record['results']).toBe(record['parameters'].n);
    }
    expect(new Set(listed.map(({ results }) => results as number)).size).toBe(50);
    expect(readFileSync(join(dir, '.git/index'))).toEqual(before);
    expect(git(dir, 'fsck', '--strict', '--no-dangling')).toBe('');
  });
});
