import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, vi } from 'vitest';
import { readGitState } from '../../src/provenance/git.ts';
import { test } from '../helpers/temp-dir.ts';

describe('readGitState', () => {
  test('names commit and branch, and calls a tree with nothing but runs clean', ({ dir }) => {
    const commit = repository(dir);
    mkdirSync(join(dir, 'runs/digits'), { recursive: true });
    writeFileSync(join(dir, 'runs/digits/run.json'), '{}');

    expect(readGitState(dir, join(dir, 'runs'))).toEqual({ commit, branch: 'trunk', dirty: false });
  });

  test.for(['changed.txt', 'new.txt'])(
    'calls a tree with a %s dirty, seen from any folder',
    (file, { dir }) => {
      repository(dir);
      mkdirSync(join(dir, 'src'));
      writeFileSync(join(dir, file), 'other');

      expect(readGitState(join(dir, 'src'), join(dir, 'src/runs'))).toMatchObject({ dirty: true });
    },
  );

  test('takes a run root outside of the repository', ({ dir }) => {
    repository(dir);

    expect(readGitState(dir, '/tmp')).toMatchObject({ dirty: false });
  });

  test('is of this repository, whatever the environment says of others', ({ dir }) => {
    const commit = repository(dir);
    vi.stubEnv('GIT_DIR', join(dir, 'nowhere'));
    vi.stubEnv('GIT_INDEX_FILE', join(dir, 'nowhere/index'));
    onTestFinished(() => void vi.unstubAllEnvs());

    expect(readGitState(dir, join(dir, '[r]uns'))).toMatchObject({ commit, dirty: false });
    writeFileSync(join(dir, 'runs'), 'no run root');
    expect(readGitState(dir, join(dir, '[r]uns*'))).toMatchObject({ dirty: true });
  });

  test('is undefined outside of git, and before the first commit', ({ dir }) => {
    expect(readGitState('/', '/runs')).toBeUndefined();
    execFileSync('git', ['init', '-q'], { cwd: dir });
    expect(readGitState(dir, join(dir, 'runs'))).toBeUndefined();
  });
});

/** Makes a repository with one commit and returns its id. */
function repository(dir: string): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: dir, encoding: 'utf8' });
  writeFileSync(join(dir, 'changed.txt'), 'as it was');
  git('init', '-q', '-b', 'trunk');
  git('add', '-A');
  git('-c', 'user.name=test', '-c', 'user.email=test@localhost', 'commit', '-qm', 'first');
  return git('rev-parse', 'HEAD').trim();
}
