import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { checkOut } from '../../src/snapshots/checkout.ts';
import { findRepository } from '../../src/snapshots/repository.ts';
import { takeSnapshot } from '../../src/snapshots/snapshot.ts';
import { git, head, repository } from '../helpers/repository.ts';
import { snapshotOf, treeAt } from '../helpers/snapshots.ts';
import { test } from '../helpers/temp-dir.ts';

describe('submodules', () => {
  test('that are clean stay what they are, and dirty ones get snapshots of their own', ({
    dir,
  }) => {
    const library = join(dir, 'library');
    repository(library);
    const top = join(dir, 'top');
    repository(top);
    for (const name of ['clean', 'dirty', 'ahead']) {
      git(top, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', library, name);
    }
    git(top, 'commit', '-qm', 'submodules');
    writeFileSync(join(top, 'dirty/file.txt'), 'changed');
    writeFileSync(join(top, 'dirty/new.txt'), 'new');
    writeFileSync(join(top, 'ahead/file.txt'), 'committed');
    git(join(top, 'ahead'), 'commit', '-qam', 'ahead');
    const before = ['clean', 'dirty', 'ahead'].map((name) => indexOf(top, name));

    const state = snapshotOf(top);

    const [dirty, ahead] = ['dirty', 'ahead'].map((name) => head(join(top, name)));
    expect(state.submodules).toEqual([
      { path: 'ahead', commit: ahead },
      { path: 'dirty', commit: expect.stringMatching(/^\w{40}$/) },
    ]);
    const kept = state.submodules![1]!.commit;
    expect(treeAt(top, state.snapshot!)).toMatchObject({
      clean: `commit ${head(library)}`,
      ahead: `commit ${ahead}`,
      dirty: `commit ${kept}`,
    });
    expect(git(join(top, 'dirty'), 'rev-parse', `${kept}^`).trim()).toBe(dirty);
    expect(show(join(top, 'dirty'), kept, 'new.txt')).toBe('new');
    expect(show(join(top, 'dirty'), kept, 'file.txt')).toBe('changed');
    expect(['clean', 'dirty', 'ahead'].map((name) => indexOf(top, name))).toEqual(before);

    const out = join(dir, 'out');
    expect(checkOut(findRepository(top)!, state.snapshot!, out)).toEqual([]);
    expect(readFileSync(join(out, 'dirty/new.txt'), 'utf8')).toBe('new');
    expect(readFileSync(join(out, 'ahead/file.txt'), 'utf8')).toBe('committed');
    expect(readFileSync(join(out, 'clean/file.txt'), 'utf8')).toBe('as it was\n');
    // Of one that is not checked out any more, git still has what was committed.
    git(top, 'submodule', '--quiet', 'deinit', '-f', 'clean', 'dirty');
    expect(checkOut(findRepository(top)!, state.snapshot!, join(dir, 'again'))).toEqual([]);
    rmSync(join(top, '.git/modules/clean'), { recursive: true });
    const [missing] = checkOut(findRepository(top)!, state.snapshot!, join(dir, 'third'));
    expect(missing).toMatchObject({
      path: 'clean/',
      reason: expect.stringMatching(/^a submodule/),
    });
  });
});

describe('where there can be no snapshot', () => {
  test('outside of git there is no state; a repository without a git to ask is said', ({ dir }) => {
    const rules = { ignore: [], maxFileSize: 1, except: [], project: dir };
    expect(takeSnapshot(dir, rules)).toBeUndefined();
    repository(dir);
    const { PATH } = process.env;
    process.env['PATH'] = join(dir, 'nothing');
    try {
      expect(takeSnapshot(dir, rules)).toEqual({
        dirty: false,
        error: 'git is not installed, or not in PATH',
      });
    } finally {
      process.env['PATH'] = PATH;
    }
    expect(takeSnapshot(join(dir, '.git'), rules)).toBeUndefined();
  });

  test('what is far too much for code is said', ({ dir }) => {
    repository(dir);
    mkdirSync(join(dir, 'data'));
    for (let i = 0; i <= 20; i++) writeFileSync(join(dir, 'data', `${i}`), '');

    const state = snapshotOf(dir, { maxFiles: 20 });

    expect(state.error).toMatch(/^21 files of 0 MB are new or changed, which is no code\./);
    expect(snapshotOf(dir, { maxFiles: 20, ignore: ['data/'] })).toMatchObject({
      snapshot: state.commit,
      leftOut: [{ path: 'data/', reason: 'ignored by the project file' }],
    });
  });

  test('a repository that takes no objects is said, and stays as it is', ({ dir }) => {
    const commit = repository(dir);
    git(dir, 'gc', '-q');
    // In the way of every new object, also for root.
    for (let i = 0; i < 256; i++) {
      const name = join(dir, '.git/objects', i.toString(16).padStart(2, '0'));
      rmSync(name, { recursive: true, force: true });
      writeFileSync(name, '');
    }
    writeFileSync(join(dir, 'file.txt'), 'changed');

    const state = snapshotOf(dir);

    expect(state).toMatchObject({
      branch: 'trunk',
      dirty: true,
      error: expect.stringMatching(/^git /),
    });
    expect(state.commit).toBe(commit);
    expect(state.snapshot).toBeUndefined();
    expect(git(dir, 'status', '--porcelain')).toBe(' M file.txt\n');
  });
});

function show(dir: string, commit: string, path: string): string {
  return git(dir, 'show', `${commit}:${path}`);
}

function indexOf(top: string, submodule: string): string {
  return readFileSync(join(top, '.git/modules', submodule, 'index'), 'latin1');
}
