import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { makeProject, treeOf } from '../helpers/project.ts';
import { git, head } from '../helpers/repository.ts';
import { runExp, start, type Finished } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const MAIN = `
import { experiment } from 'exptools';
import { z } from 'zod';

const config = z.object({ lr: z.number().default(0.5), end: z.enum(['well', 'badly', 'killed']).default('well') });
export default experiment({ name: 'toy', config, sinks: [] }, (run) => {
  run.recordResults({ early: 1, loss: 9 });
  if (run.config.end === 'badly') throw new Error('no luck');
  if (run.config.end === 'killed') process.kill(process.pid, 'SIGKILL');
  return { loss: run.config.lr };
});
`;

const env = { EXP_SNAPSHOT: '1' };

describe('the exact code of runs', () => {
  test('is a commit and a tag, shared by the runs of a sweep, with how each one ended', async ({
    dir,
  }) => {
    const commit = project(dir);
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
    const first = project(dir);
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
    expect(text).toMatch(/^run +experiment +status +commit +with changes +results\n/);
    expect(text).toContain('early=1 loss=3');
    expect(text).toMatch(/exptools\/runs\/foreign +no record of a run/);
    const bad = await exp(dir, 'tags', '-c', 'nothing');
    expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining('no commit of this') });
  });

  test('outlives its run if nothing came out, unless it is to be dropped', async ({ dir }) => {
    project(dir);
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
    project(home);
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

  test('is nowhere in ghost mode, nor where the project wants none', async ({ dir }) => {
    project(dir);
    await exp(dir, 'main.ts', '--ghost');
    writeFileSync(join(dir, 'exptools.config.json'), '{ "snapshot": false }');
    await exp(dir, 'main.ts');

    expect(git(dir, 'for-each-ref', 'refs/exptools')).toBe('');
    const [run] = runDirs(join(dir, 'runs'), 'toy').map(manifestOf);
    expect(run!['git']).toEqual({ commit: head(dir), branch: 'trunk', dirty: true });
  });

  test('fifty runs that start at once have fifty correct records', async ({ dir }) => {
    const commit = project(dir);
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

describe('checkout and diff', () => {
  test('give the tree of a run, and what differs between two', async ({ dir }) => {
    project(dir);
    const write = (path: string, text: string): void => writeFileSync(join(dir, path), text);
    write('gone.txt', 'gone');
    write('tool.sh', '#!/bin/sh\n');
    git(dir, 'add', '-A');
    git(dir, 'commit', '-qm', 'tools');
    rmSync(join(dir, 'gone.txt'));
    git(dir, 'update-index', '--chmod=+x', 'tool.sh');
    symlinkSync('main.ts', join(dir, 'link'));
    write('.env', 'hush');
    write('note.txt', 'one\n');
    await exp(dir, 'main.ts');
    write('note.txt', 'two\n');
    await exp(dir, 'main.ts', 'lr=0.25', '--seed', '7');
    await exp(dir, 'main.ts', 'lr=0.25', '--seed', '7');
    const [one, two, three] = runDirs(join(dir, 'runs'), 'toy').map((run) => manifestOf(run)['id']);

    const out = await exp(dir, 'checkout', one, 'out');

    expect(out.stdout).toMatch(new RegExp(`^out  ${one}, from commit [0-9a-f]{40}\n$`));
    expect(out.stderr).toBe('not as it was  .env: looks like a secret\n');
    expect(treeOf(join(dir, 'out'))).toEqual([
      '.gitignore',
      'link',
      'main.ts',
      'note.txt',
      'package.json',
      'tool.sh',
    ]);
    expect(readFileSync(join(dir, 'out/note.txt'), 'utf8')).toBe('one\n');
    const again = await exp(dir, 'checkout', one, 'out');
    expect(again).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('not an empty directory'),
    });

    const diff = (await exp(dir, 'diff', one, two)).stdout;
    expect(diff).toMatch(
      /^config\nkey +\S+ +\S+\nlr +0\.5 +0\.25\nseed +\d+ +7\n\ncode\ndiff --git a\/note\.txt/,
    );
    expect(diff).toContain('\n-one\n+two\n\nresults\n');
    expect(json(await exp(dir, 'diff', one, two, '--json'))).toMatchObject({
      config: { lr: { from: 0.5, to: 0.25 } },
      code: expect.stringContaining('+two'),
      results: { loss: { from: 0.5, to: 0.25 } },
    });
    expect((await exp(dir, 'diff', two, three)).stdout).toBe('No differences.\n');
  });

  test('work from stored sources where there is no git', async ({ dir }) => {
    makeProject(dir);
    writeFileSync(join(dir, 'main.ts'), MAIN);
    writeFileSync(join(dir, 'exptools.config.json'), '{ "sources": { "backup": true } }');
    symlinkSync('main.ts', join(dir, 'link'));
    writeFileSync(join(dir, 'tool.sh'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(dir, 'note.txt'), 'one\n');
    await exp(dir, 'main.ts', '--seed', '1');
    writeFileSync(join(dir, 'note.txt'), 'two\n');
    rmSync(join(dir, 'tool.sh'));
    await exp(dir, 'main.ts', '--seed', '1');
    const [one, two] = runDirs(join(dir, 'runs'), 'toy').map((run) => manifestOf(run)['id']);

    const { stdout } = await exp(dir, 'checkout', one, 'out');

    expect(stdout).toBe(`out  ${one}, from its stored sources\n`);
    await exp(join(dir, 'out'), 'main.ts'); // it can be changed
    writeFileSync(join(dir, 'out/note.txt'), 'three');
    expect(readFileSync(join(dir, 'runs/toy', one, 'sources/note.txt'), 'utf8')).toBe('one\n');
    const diff = (await exp(dir, 'diff', one, two)).stdout;
    expect(diff).toMatch(/^code\ndiff --git a\/note\.txt b\/note\.txt\n--- a\/note\.txt\n/);
    expect(diff).toMatch(
      /-one\n\+two\ndiff --git a\/tool\.sh b\/tool\.sh\ndeleted file mode 100755\n/,
    );
    git(dir, 'init', '-q', 'patched');
    const patch = json(await exp(dir, 'diff', one, two, '--json')) as { code: string };
    await exp(dir, 'checkout', one, 'patched-tree');
    writeFileSync(join(dir, 'code.patch'), patch.code);
    git(join(dir, 'patched-tree'), 'apply', '../code.patch');
    expect(existsSync(join(dir, 'patched-tree/tool.sh'))).toBe(false);
    expect(readFileSync(join(dir, 'patched-tree/note.txt'), 'utf8')).toBe('two\n');
  });

  test('say so where a run has no code', async ({ dir }) => {
    makeProject(dir);
    writeFileSync(join(dir, 'main.ts'), MAIN);
    await exp(dir, 'main.ts');

    expect(await exp(dir, 'checkout', 'last', 'out')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no snapshot of its code, and no copy'),
    });
    expect(existsSync(join(dir, 'out'))).toBe(false);
    expect((await exp(dir, 'tags')).stderr).toContain('no git repository');
  });
});

/** Makes a repository with an experiment in it, and returns its commit. */
function project(dir: string): string {
  makeProject(dir);
  writeFileSync(join(dir, 'main.ts'), MAIN);
  writeFileSync(join(dir, '.gitignore'), 'node_modules\nruns\n');
  git(dir, 'init', '-qb', 'trunk');
  git(dir, 'add', '-A');
  git(dir, 'commit', '-qm', 'first');
  return head(dir);
}

function exp(dir: string, ...args: string[]): Promise<Finished> {
  return runExp(args, { cwd: dir, env });
}

function json({ stdout }: Finished): unknown {
  return JSON.parse(stdout);
}
