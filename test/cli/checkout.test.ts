import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { codeProject, exp, json, MAIN } from '../helpers/code-project.ts';
import { makeProject, treeOf } from '../helpers/project.ts';
import { git } from '../helpers/repository.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

describe('checkout and diff', () => {
  test('give the tree of a run, and what differs between two', async ({ dir }) => {
    codeProject(dir);
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
    // A file system that refuses makes no command hang.
    const refused = await exp(dir, 'checkout', one, '/proc/exptools');
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('Cannot create the directory "/proc/exptools"'),
    ]);
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

  test('work from a copy of the sources where the repository takes nothing', async ({ dir }) => {
    codeProject(dir);
    git(dir, 'gc', '-q');
    // In the way of every new object, also for root.
    for (let i = 0; i < 256; i++) {
      const name = join(dir, '.git/objects', i.toString(16).padStart(2, '0'));
      rmSync(name, { recursive: true, force: true });
      writeFileSync(name, '');
    }
    writeFileSync(join(dir, 'new.txt'), 'new');

    const run = await exp(dir, 'main.ts');

    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(/^exptools: there is no snapshot of the code: git update-index: /m);
    const [manifest] = runDirs(join(dir, 'runs'), 'toy').map(manifestOf);
    expect(manifest!['git']).toMatchObject({ dirty: true, error: expect.any(String) });
    expect((await exp(dir, 'checkout', 'last', 'out')).stdout).toContain('its stored sources');
    expect(readFileSync(join(dir, 'out/new.txt'), 'utf8')).toBe('new');
  });

  test('say so where a run has no code', async ({ dir }) => {
    makeProject(dir);
    writeFileSync(join(dir, 'main.ts'), MAIN);
    writeFileSync(join(dir, 'exptools.config.json'), '{ "sources": { "backup": false } }');
    await exp(dir, 'main.ts');

    expect(await exp(dir, 'checkout', 'last', 'out')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no snapshot of its code, and no copy'),
    });
    expect(existsSync(join(dir, 'out'))).toBe(false);
    expect((await exp(dir, 'tags')).stderr).toContain('no git repository');
  });
});
