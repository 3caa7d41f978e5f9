import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { checkOut } from '../../src/snapshots/checkout.ts';
import { findRepository } from '../../src/snapshots/repository.ts';
import { takeSnapshot } from '../../src/snapshots/snapshot.ts';
import { git, head } from '../helpers/repository.ts';
import { test } from '../helpers/temp-dir.ts';
import { snapshotOf } from '../helpers/snapshots.ts';

describe('a snapshot of a repository in every dirty state', () => {
  test('holds the working tree as it is, and changes nothing that anyone sees', ({ dir }) => {
    const repository = everyDirtyState(dir);
    const before = everything(repository);

    const state = snapshotOf(repository);

    expect(everything(repository)).toEqual(before);
    expect(state.error).toBeUndefined();
    expect(state).toMatchObject({ dirty: true, branch: 'trunk', commit: head(repository) });
    const { gitDir } = findRepository(repository)!;
    expect(checkOut({ gitDir }, state.snapshot!, join(dir, 'out'))).toEqual([]);
    expect(contentOf(join(dir, 'out'))).toEqual(contentOf(repository));
    expect(everything(repository)).toEqual(before);
  });

  test('has HEAD as its parent, and is the same commit however often it is taken', ({ dir }) => {
    const repository = everyDirtyState(dir);

    const [first, second] = [snapshotOf(repository), snapshotOf(repository)];

    expect(second).toEqual(first);
    const parents = git(repository, 'rev-parse', `${first.snapshot}^@`).trim();
    expect(parents).toBe(head(repository));
    expect(git(repository, 'fsck', '--strict', '--no-dangling')).toBe('');
  });

  test('of a clean tree is the commit that is there', ({ dir }) => {
    const repository = everyDirtyState(dir);
    git(repository, 'update-index', '--no-assume-unchanged', 'assumed.txt');
    git(repository, 'update-index', '--no-skip-worktree', 'skipped.txt');
    rmSync(join(repository, '.git/hooks'), { recursive: true });
    git(repository, 'add', '-A');
    git(repository, 'commit', '-qm', 'all of it');

    expect(snapshotOf(repository)).toEqual({
      commit: head(repository),
      branch: 'trunk',
      dirty: false,
      top: repository,
      snapshot: head(repository),
    });
  });

  test('sees a file that changed within the second in which it was added', ({ dir }) => {
    git(dir, 'init', '-qb', 'trunk');
    for (let round = 0; round < 20; round++) {
      writeFileSync(join(dir, 'racy.txt'), `before ${round}`);
      git(dir, 'add', '-A');
      git(dir, 'commit', '-qm', 'racy');
      writeFileSync(join(dir, 'racy.txt'), `AFTER! ${round}`);

      const { snapshot } = snapshotOf(dir);

      expect(git(dir, 'show', `${snapshot}:racy.txt`)).toBe(`AFTER! ${round}`);
    }
  });
});

describe('what the caller has set', () => {
  test('of another repository, of names and of hooks has no say', ({ dir }) => {
    const repository = everyDirtyState(dir);
    const expected = snapshotOf(repository);
    const other = { GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere/index', GIT_WORK_TREE: '/' };
    const before = { ...process.env };
    Object.assign(process.env, other, { GIT_AUTHOR_DATE: '2001-01-01T00:00:00Z' });
    try {
      const rules = { ignore: [], maxFileSize: 1e6, except: [], project: repository };
      expect(takeSnapshot(repository, rules)).toEqual(expected);
    } finally {
      for (const name of [...Object.keys(other), 'GIT_AUTHOR_DATE']) delete process.env[name];
      Object.assign(process.env, before);
    }
  });
});

function everyDirtyState(dir: string): string {
  const repository = join(dir, 'repository');
  mkdirSync(repository);
  const write = (path: string, text: string | Buffer): void =>
    writeFileSync(join(repository, path), text);
  git(repository, 'init', '-qb', 'trunk');
  for (const hook of [
    'pre-commit',
    'post-checkout',
    'reference-transaction',
    'post-index-change',
  ]) {
    const file = join(repository, '.git/hooks', hook);
    writeFileSync(file, `#!/bin/sh\ntouch "${join(dir, 'a hook was run')}"\nexit 1\n`);
  }
  const tracked = [
    'same',
    'staged',
    'unstaged',
    'both',
    'gone',
    'unlinked',
    'mode',
    'unstaged-mode',
  ];
  for (const name of [...tracked, 'assumed', 'skipped', 'to-link', 'to-dir']) {
    write(`${name}.txt`, `${name} as it was\n`);
  }
  mkdirSync(join(repository, 'to-file'));
  mkdirSync(join(repository, 'linked'));
  write('to-file/inner.txt', 'inner');
  write('linked/inner.txt', 'inner');
  symlinkSync('same.txt', join(repository, 'link'));
  write('.gitignore', 'ignored\n');
  git(repository, 'add', '-A');
  git(repository, 'commit', '-qm', 'first');
  write('stashed.txt', 'stashed');
  git(repository, 'stash', '-qu');

  write('staged.txt', 'staged now\n');
  write('both.txt', 'staged version\n');
  write('new-staged.txt', 'new');
  chmodSync(join(repository, 'mode.txt'), 0o755);
  rmSync(join(repository, 'gone.txt'));
  git(repository, 'add', '-A');
  write('both.txt', 'version of the tree\n');
  write('unstaged.txt', 'unstaged now\n');
  chmodSync(join(repository, 'unstaged-mode.txt'), 0o755);
  rmSync(join(repository, 'unlinked.txt'));
  rmSync(join(repository, 'to-link.txt'));
  symlinkSync('nothing there', join(repository, 'to-link.txt'));
  rmSync(join(repository, 'link'));
  symlinkSync('both.txt', join(repository, 'link'));
  rmSync(join(repository, 'to-dir.txt'));
  mkdirSync(join(repository, 'to-dir.txt'));
  write('to-dir.txt/inner.txt', 'inner');
  rmSync(join(repository, 'to-file'), { recursive: true });
  write('to-file', 'a file');
  // A directory that is a link by now, to one with a file of the same name.
  mkdirSync(join(repository, 'elsewhere'));
  write('elsewhere/inner.txt', 'another one');
  rmSync(join(repository, 'linked'), { recursive: true });
  symlinkSync('elsewhere', join(repository, 'linked'));
  git(repository, 'rm', '-q', '--cached', 'same.txt');
  write('same.txt', 'taken out of the index, and changed\n');
  write('intended.txt', 'intended');
  git(repository, 'add', '-N', 'intended.txt');
  git(repository, 'update-index', '--assume-unchanged', 'assumed.txt');
  write('assumed.txt', 'changed in secret\n');
  git(repository, 'update-index', '--skip-worktree', 'skipped.txt');
  write('skipped.txt', 'changed in secret\n');
  mkdirSync(join(repository, 'deep/er'), { recursive: true });
  write('deep/er/untracked.txt', 'untracked');
  write('ignored', 'ignored');
  write('binary.bin', Buffer.from([0, 255, 10, 13, 0]));
  write('line\nbreak "and quotes" \\ and\ttab.txt', 'odd');
  writeFileSync(Buffer.from([...Buffer.from(join(repository, 'latin-')), 0xe9]), 'not UTF-8');
  write('  blanks  ', 'blanks');
  write('umlaut ä 漢.txt', 'UTF-8');
  write('-dash', 'dash');
  write('*glob?[x]', 'glob');
  for (const hook of [
    'pre-commit',
    'post-checkout',
    'reference-transaction',
    'post-index-change',
  ]) {
    chmodSync(join(repository, '.git/hooks', hook), 0o755);
  }
  return repository;
}

/** All that a user sees of a repository: the working tree with its times, and `.git` but for objects. */
function everything(repository: string): Record<string, string> {
  const all: Record<string, string> = {};
  const visit = (path: Buffer, name: string): void => {
    const { mode, mtimeNs, size } = lstatSync(path, { bigint: true });
    const kind = Number(mode) & 0o170000;
    const facts = [Number(mode).toString(8), mtimeNs, size];
    if (kind === 0o120000) all[name] = [...facts, readlinkSync(path)].join(' ');
    else if (kind === 0o100000) all[name] = [...facts, hashOf(path)].join(' ');
    else {
      if (name !== '/.git') all[name] = facts.join(' ');
      for (const entry of readdirSync(path, { encoding: 'buffer' })) {
        if (name === '/.git' && entry.toString() === 'objects') continue;
        visit(
          Buffer.concat([path, Buffer.from('/'), entry]),
          `${name}/${entry.toString('latin1')}`,
        );
      }
    }
  };
  visit(Buffer.from(repository), '');
  all['hooks run'] = String(existsSync(join(repository, '../a hook was run')));
  return all;
}

function hashOf(path: Buffer): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** What lies in the working tree, by a walk that knows nothing of git: kind and bytes of every file. */
function contentOf(repository: string): Record<string, string> {
  const all: Record<string, string> = {};
  const visit = (folder: Buffer, start: string): void => {
    for (const entry of readdirSync(folder, { encoding: 'buffer' })) {
      const path = `${start}${entry.toString('latin1')}`;
      if (path === '.git' || path === 'ignored') continue;
      const file = Buffer.concat([folder, Buffer.from('/'), entry]);
      const stats = lstatSync(file);
      if (stats.isDirectory()) visit(file, `${path}/`);
      else if (stats.isSymbolicLink()) all[path] = `link ${readlinkSync(file)}`;
      else all[path] = `${(stats.mode & 0o111) === 0 ? 'file' : 'program'} ${hashOf(file)}`;
    }
  };
  visit(Buffer.from(repository), '');
  return all;
}
