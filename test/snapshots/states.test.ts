import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { checkOut } from '../../src/snapshots/checkout.ts';
import { findRepository } from '../../src/snapshots/repository.ts';
import { git, head, repository } from '../helpers/repository.ts';
import { snapshotOf, treeAt } from '../helpers/snapshots.ts';
import { test } from '../helpers/temp-dir.ts';

describe('a snapshot where HEAD is no plain branch', () => {
  test('of a detached HEAD names no branch', ({ dir }) => {
    const commit = repository(dir);
    git(dir, 'checkout', '-q', '--detach');
    writeFileSync(join(dir, 'file.txt'), 'changed');

    const state = snapshotOf(dir);

    expect(state).toMatchObject({ commit, dirty: true });
    expect(state.branch).toBeUndefined();
    expect(show(dir, state.snapshot!, 'file.txt')).toBe('changed');
  });

  test('of a repository without a commit has no parent', ({ dir }) => {
    git(dir, 'init', '-qb', 'trunk');
    writeFileSync(join(dir, 'staged.txt'), 'staged');
    git(dir, 'add', '-A');
    writeFileSync(join(dir, 'new.txt'), 'new');

    const state = snapshotOf(dir);

    expect(state.commit).toBeUndefined();
    expect(state).toMatchObject({ branch: 'trunk', dirty: true });
    expect(Object.keys(treeAt(dir, state.snapshot!))).toEqual(['new.txt', 'staged.txt']);
    expect(git(dir, 'rev-parse', `${state.snapshot}^@`)).toBe('');
  });

  test.for(['merge', 'rebase', 'cherry-pick'])(
    'in a %s holds conflicts as they lie there',
    (how, { dir }) => {
      repository(dir);
      writeFileSync(join(dir, 'removed.txt'), 'as it was');
      git(dir, 'add', '-A');
      git(dir, 'commit', '-qm', 'second');
      git(dir, 'checkout', '-qb', 'other');
      writeFileSync(join(dir, 'file.txt'), 'theirs\n');
      git(dir, 'rm', '-q', 'removed.txt');
      git(dir, 'commit', '-qam', 'theirs');
      git(dir, 'checkout', '-q', 'trunk');
      writeFileSync(join(dir, 'file.txt'), 'ours\n');
      writeFileSync(join(dir, 'removed.txt'), 'ours');
      git(dir, 'commit', '-qam', 'ours');
      expect(() => git(dir, how, 'other')).toThrow();
      const kept = ['index', 'HEAD', 'ORIG_HEAD', 'MERGE_HEAD', 'CHERRY_PICK_HEAD', 'MERGE_MSG'];
      const seen = (): string[] =>
        kept
          .filter((name) => readdirSync(join(dir, '.git')).includes(name))
          .map((name) => readFileSync(join(dir, '.git', name), 'latin1'));
      const before = [...seen(), git(dir, 'status', '--porcelain=v2')];

      const state = snapshotOf(dir);

      expect(show(dir, state.snapshot!, 'file.txt')).toContain('<<<<<<<');
      expect(show(dir, state.snapshot!, 'removed.txt')).toBe('ours');
      expect([...seen(), git(dir, 'status', '--porcelain=v2')]).toEqual(before);
    },
  );
});

describe('a snapshot of a part of what git can do', () => {
  test('in a linked worktree is of that worktree', ({ dir }) => {
    const commit = repository(join(dir, 'main'));
    git(join(dir, 'main'), 'worktree', 'add', '-q', '-b', 'side', join(dir, 'linked'));
    writeFileSync(join(dir, 'linked/file.txt'), 'in the linked one');

    const state = snapshotOf(join(dir, 'linked'));

    expect(state).toMatchObject({ commit, branch: 'side', top: join(dir, 'linked') });
    expect(show(join(dir, 'main'), state.snapshot!, 'file.txt')).toBe('in the linked one');
  });

  test('takes the whole repository of a project in a subdirectory, without its runs', ({ dir }) => {
    repository(dir);
    const project = join(dir, 'packages/one');
    mkdirSync(join(project, 'runs/toy'), { recursive: true });
    writeFileSync(join(project, 'main.ts'), 'main');
    writeFileSync(join(project, 'runs/toy/run.json'), '{}');
    writeFileSync(join(dir, 'outside.txt'), 'outside');

    const state = snapshotOf(project, { except: [join(project, 'runs'), '/elsewhere'] });

    const files = ['file.txt', 'outside.txt', 'packages/one/main.ts'];
    expect(Object.keys(treeAt(dir, state.snapshot!))).toEqual(files);
    expect(state.leftOut).toBeUndefined();
  });

  test('of nothing but runs is clean', ({ dir }) => {
    const commit = repository(dir);
    mkdirSync(join(dir, 'runs'));
    writeFileSync(join(dir, 'runs/run.json'), '{}');

    const state = snapshotOf(dir, { except: [join(dir, 'runs')] });

    expect(state).toMatchObject({ dirty: false, snapshot: commit });
  });

  test('whose run root holds the project says so, and holds the commit', ({ dir }) => {
    const commit = repository(dir);
    writeFileSync(join(dir, 'file.txt'), 'changed');

    const state = snapshotOf(dir, { except: [dir] });

    expect(state).toMatchObject({ commit, error: expect.stringContaining('holds the project') });
    expect(state.snapshot).toBeUndefined();
  });

  test('of a sparse checkout keeps what is not checked out', ({ dir: outer }) => {
    const dir = join(outer, 'repo');
    repository(dir);
    for (const folder of ['in', 'out']) {
      mkdirSync(join(dir, folder));
      writeFileSync(join(dir, folder, 'file.txt'), folder);
    }
    git(dir, 'add', '-A');
    git(dir, 'commit', '-qm', 'folders');
    git(dir, 'sparse-checkout', 'set', '--cone', '--sparse-index', 'in');
    writeFileSync(join(dir, 'in/file.txt'), 'changed');

    const { snapshot } = snapshotOf(dir);

    expect(show(dir, snapshot!, 'in/file.txt')).toBe('changed');
    expect(show(dir, snapshot!, 'out/file.txt')).toBe('out');
    const target = join(outer, 'whole');
    expect(checkOut(findRepository(dir)!, snapshot!, target)).toEqual([]);
    expect(readFileSync(join(target, 'out/file.txt'), 'utf8')).toBe('out');
  });

  test('asks no file system monitor, which might start a process to stay', ({ dir }) => {
    const repo = join(dir, 'repo');
    repository(repo);
    const script = join(dir, 'monitor');
    const asked = join(dir, 'asked');
    writeFileSync(script, `#!/bin/sh\ntouch "${asked}"\nexit 1\n`, { mode: 0o755 });
    git(repo, 'config', 'core.fsmonitor', script);
    writeFileSync(join(repo, 'file.txt'), 'changed');

    const { snapshot } = snapshotOf(repo);

    expect(show(repo, snapshot!, 'file.txt')).toBe('changed');
    expect(existsSync(asked)).toBe(false);
    git(repo, 'status');
    expect(existsSync(asked)).toBe(true);
  });

  test('finds the repository by a link into it, and under a name with line breaks', ({ dir }) => {
    const repo = join(dir, 'two\nlines\n');
    repository(repo);
    mkdirSync(join(repo, 'part/inner'), { recursive: true });
    symlinkSync(join(repo, 'part/inner'), join(dir, 'link'));

    const { snapshot, top } = snapshotOf(join(dir, 'link'));

    expect({ snapshot, top }).toEqual({ snapshot: head(repo), top: realpathSync(repo) });
  });

  test('of a split index is whole', ({ dir }) => {
    repository(dir);
    git(dir, 'update-index', '--split-index');
    writeFileSync(join(dir, 'new.txt'), 'new');
    git(dir, 'add', '-A');
    writeFileSync(join(dir, 'file.txt'), 'changed');
    const before = readdirSync(join(dir, '.git'));

    const { snapshot } = snapshotOf(dir);

    expect(Object.keys(treeAt(dir, snapshot!))).toEqual(['file.txt', 'new.txt']);
    expect(readdirSync(join(dir, '.git'))).toEqual(before);
  });
});

describe('what a snapshot leaves out', () => {
  test('is listed: large files, secrets, packages, other repositories, what is no file', ({
    dir,
  }) => {
    repository(dir);
    const write = (path: string, text: string): void => writeFileSync(join(dir, path), text);
    write('tracked.bin', 'small');
    write('.env', 'OLD=1');
    git(dir, 'add', '-Af');
    git(dir, 'commit', '-qm', 'more');
    write('tracked.bin', 'x'.repeat(101));
    write('.env', 'TOKEN=hush');
    write('large.bin', 'x'.repeat(102));
    write('key.pem', 'secret');
    git(dir, 'add', 'key.pem', '.env');
    write('.env.example', 'taken in');
    write('net.ckpt', 'ignored by the project');
    mkdirSync(join(dir, 'node_modules/one'), { recursive: true });
    write('node_modules/one/index.js', 'package');
    mkdirSync(join(dir, 'nested'));
    repository(join(dir, 'nested'));
    symlinkSync('/etc', join(dir, 'link-out'));

    const rules = { maxFileSize: 100, ignore: ['!.env.example', '*.ckpt'] };
    const state = snapshotOf(dir, rules);

    expect(state.leftOut).toEqual([
      { path: '.env', reason: 'looks like a secret' },
      { path: 'key.pem', reason: 'looks like a secret' },
      { path: 'tracked.bin', reason: 'larger than 100 bytes', bytes: 101 },
      { path: 'large.bin', reason: 'larger than 100 bytes', bytes: 102 },
      { path: 'nested/', reason: 'another git repository' },
      { path: 'net.ckpt', reason: 'ignored by the project file' },
      { path: 'node_modules/', reason: 'installed packages' },
    ]);
    const files = ['.env', '.env.example', 'file.txt', 'link-out', 'tracked.bin'];
    expect(Object.keys(treeAt(dir, state.snapshot!))).toEqual(files);
    expect(show(dir, state.snapshot!, '.env')).toBe('OLD=1');
    expect(show(dir, state.snapshot!, 'tracked.bin')).toBe('small');
  });

  test('alone makes no commit: that would be HEAD again', ({ dir }) => {
    const commit = repository(dir);
    writeFileSync(join(dir, '.env'), 'hush');

    expect(snapshotOf(dir)).toMatchObject({ dirty: true, commit, snapshot: commit });
  });

  test('is counted where it is too much to list', ({ dir }) => {
    repository(dir);
    for (let i = 0; i < 130; i++) writeFileSync(join(dir, `${i}.pem`), '');

    const { leftOut, leftOutCount } = snapshotOf(dir);

    expect([leftOut?.length, leftOutCount]).toEqual([100, 130]);
  });
});

function show(dir: string, commit: string, path: string): string {
  return git(dir, 'show', `${commit}:${path}`);
}
