import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { endTags, startTags } from '../../src/snapshots/run-tags.ts';
import { pullTags, pushAllTags } from '../../src/snapshots/share-tags.ts';
import { git, repository } from '../helpers/repository.ts';
import { ENDED, recordOf, started, stderrOf } from '../helpers/tagged-run.ts';
import { test } from '../helpers/temp-dir.ts';

describe('exchange with a remote', () => {
  test('takes tags with their code to another clone, and newer ones over older ones', ({ dir }) => {
    const { repo, runDir, manifest } = started(dir);
    git(dir, 'init', '-q', '--bare', 'remote.git');
    git(repo, 'remote', 'add', 'origin', join(dir, 'remote.git'));
    const running = startTags(runDir, { ...manifest, tagging: { tag: true } });
    expect(pushAllTags(repo, 'origin').moved).toHaveLength(2);
    git(dir, 'clone', '-q', join(dir, 'remote.git'), 'clone');
    const clone = join(dir, 'clone');
    expect(pullTags(clone, 'origin').moved).toContain('refs/exptools/runs/the-run');

    endTags(runDir, { ...running, ...ENDED });
    // The remote still knows the start alone.
    expect(pullTags(repo, 'origin')).toMatchObject({ moved: [], kept: expect.any(Array) });
    expect(recordOf(repo)).toMatchObject({ status: 'completed' });
    pushAllTags(repo, 'origin');
    expect(pushAllTags(clone, 'origin').moved).toEqual([]);
    pullTags(clone, 'origin');

    expect(recordOf(clone)).toEqual(recordOf(repo));
    expect(git(clone, 'show', `${manifest.git!.snapshot}:file.txt`)).toBe('changed');
    expect(git(clone, 'for-each-ref', 'refs/exptools/incoming')).toBe('');
    expect(pullTags(clone, 'origin')).toEqual({ moved: [], kept: [] });
  });

  test('replaces no tag of another run', ({ dir }) => {
    const { repo, runDir, manifest } = started(dir);
    git(dir, 'init', '-q', '--bare', 'remote.git');
    const running = startTags(runDir, { ...manifest, tagging: { tag: true } });
    const ref = `refs/tags/${running.tag}`;
    git(repo, 'push', '-q', join(dir, 'remote.git'), `HEAD:${ref}`);

    const { kept } = pushAllTags(repo, join(dir, 'remote.git'));

    expect(kept).toEqual([ref]);
    const remote = git(join(dir, 'remote.git'), 'rev-parse', ref);
    expect(remote).toBe(git(repo, 'rev-parse', 'HEAD'));
    expect(pullTags(repo, join(dir, 'remote.git')).kept).toEqual([ref]);
  });

  test('at the end of a run that fails is a warning', ({ dir }) => {
    const { runDir, manifest } = started(dir);
    const running = startTags(runDir, { ...manifest, tagging: { push: 'nowhere' } });

    const said = stderrOf(() => endTags(runDir, { ...running, ...ENDED }));

    expect(said).toMatch(/the tag of the run is not pushed: git push: .*nowhere/);
  });

  test('without such a remote is refused', ({ dir }) => {
    repository(dir);
    expect(() => pullTags(dir, 'origin')).toThrow(/Cannot exchange tags with the remote "origin"/);
  });
});
