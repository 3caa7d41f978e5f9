import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { Manifest } from '../../src/core/manifest.ts';
import { listTags, taggedRuns } from '../../src/snapshots/list-tags.ts';
import { makeTag, namedRef, refPart, setRef, swapRef } from '../../src/snapshots/refs.ts';
import { endTags, startTags } from '../../src/snapshots/run-tags.ts';
import { git, repository } from '../helpers/repository.ts';
import { ENDED, recordOf, started, stderrOf } from '../helpers/tagged-run.ts';
import { snapshotOf } from '../helpers/snapshots.ts';
import { test } from '../helpers/temp-dir.ts';

describe('the tag of a run', () => {
  test('says what is known at the start, and what came out at the end', ({ dir }) => {
    const { repo, runDir, manifest } = started(dir, {
      lr: 0.1,
      apiKey: 'hush',
      data: 'https://me:hush@host/x',
    });

    const running = startTags(runDir, manifest);
    const atStart = recordOf(repo);
    endTags(runDir, { ...running, ...ENDED, result: { loss: 0.5 } });

    const common = {
      format: 1,
      run: 'the-run',
      experiment: 'toy',
      parameters: { lr: 0.1, apiKey: '[redacted]', data: 'https://me:[redacted]@host/x' },
      commit: manifest.git!.snapshot,
      parent: manifest.git!.commit,
      host: 'here',
      started: '2026-01-31T14:25:01.000Z',
    };
    expect(atStart).toEqual({ ...common, status: 'running' });
    expect(recordOf(repo)).toEqual({
      ...common,
      status: 'completed',
      ended: '2026-01-31T14:26:01.000Z',
      duration: 60,
      results: { loss: 0.5 },
    });
    expect(git(repo, 'tag')).toBe('');
    expect(git(repo, 'rev-parse', 'refs/exptools/runs/the-run^{commit}').trim()).toBe(
      common.commit,
    );
  });

  test('keeps the snapshot from being collected', ({ dir }) => {
    const { repo, runDir, manifest } = started(dir);
    startTags(runDir, manifest);

    git(repo, 'gc', '-q', '--prune=now');

    expect(git(repo, 'show', `${manifest.git!.snapshot}:file.txt`)).toBe('changed');
    expect(git(repo, 'fsck', '--strict')).toBe('');
  });

  test('keeps those of submodules, too, and gives them up with its tag', ({ dir }) => {
    const { repo, runDir, manifest } = started(dir);
    const library = join(dir, 'library');
    repository(library);
    git(repo, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', library, 'library');
    const inner = join(repo, 'library');
    writeFileSync(join(inner, 'file.txt'), 'changed inside');
    const running = startTags(runDir, { ...manifest, git: snapshotOf(repo) });
    const [{ commit } = { commit: '' }] = running.git!.submodules!;

    git(inner, 'gc', '-q', '--prune=now');

    expect(git(inner, 'show', `${commit}:file.txt`)).toBe('changed inside');
    const refs = (): string => git(inner, 'for-each-ref', '--format=%(refname)', 'refs/exptools');
    expect(refs()).toBe('refs/exptools/submodules/the-run\n');
    const tagging = { ...running.tagging, dropWithoutResults: true } as const;
    stderrOf(() => endTags(runDir, { ...running, ...ENDED, tagging }));
    expect(refs()).toBe('');
  });

  test('is one that git tag lists where that is wanted, under a name that is free', ({ dir }) => {
    const { repo, runDir, manifest } = started(dir);
    const name = 'experiments/big-lr,-2nd-try@20260131-142501';
    git(repo, 'tag', name);
    const before = git(repo, 'rev-parse', name);
    const named = { ...manifest, name: 'big lr, 2nd: try', tagging: { tag: true } as const };

    const running = startTags(runDir, named);
    endTags(runDir, { ...running, ...ENDED });

    expect(running.tag).toBe(`${name}-2`);
    expect(git(repo, 'rev-parse', name)).toBe(before);
    const all = listTags(repo).map(({ ref, record }) => [ref, record?.status]);
    expect(all).toEqual([
      ['refs/exptools/runs/the-run', 'completed'],
      [`refs/tags/${name}`, undefined],
      [`refs/tags/${name}-2`, 'completed'],
    ]);
    expect(git(repo, 'cat-file', 'tag', `${name}-2`)).toContain(`\ntag ${name}-2\n`);
  });

  test('is taken away without results where that is wanted, and said', ({ dir }) => {
    const { repo, runDir, manifest } = started(dir);
    const tagging = { tag: true, dropWithoutResults: true } as const;
    const running = startTags(runDir, { ...manifest, tagging });
    expect(listTags(repo)).toHaveLength(2);

    const said = stderrOf(() => endTags(runDir, { ...running, ...ENDED, status: 'failed' }));

    expect(listTags(repo)).toEqual([]);
    expect(said).toMatch(/the run the-run has no results: .*experiments\/toy@.* removed/);
    startTags(runDir, running);
    endTags(runDir, { ...running, ...ENDED, result: null });
    expect(listTags(repo)).toHaveLength(2);
  });

  test('is made anew at the end if somebody has removed it, or put another in its place', ({
    dir,
  }) => {
    const { repo, runDir, manifest } = started(dir);
    startTags(runDir, manifest);
    git(repo, 'update-ref', 'refs/exptools/runs/the-run', 'HEAD');

    endTags(runDir, { ...manifest, ...ENDED });

    expect(recordOf(repo)).toMatchObject({ status: 'completed' });
  });

  test('that cannot be written is a warning, and is kept with the run', ({ dir }) => {
    const { repo, runDir, manifest } = started(dir);
    writeFileSync(join(repo, '.git/refs/exptools'), 'in the way');
    let result: Manifest | undefined;

    const said = stderrOf(() => (result = startTags(runDir, manifest)));

    expect(said).toMatch(/^exptools: the run has no tag of its code: git update-ref: /);
    expect(result!.git).toMatchObject({
      snapshot: manifest.git!.snapshot,
      error: expect.any(String),
    });
  });
});

describe('refs', () => {
  test('name an object only if they name what was expected', ({ dir }) => {
    const commit = repository(dir);
    const [one, two] = ['one', 'two'].map((name) => makeTag(dir, name, commit, name));

    expect(swapRef(dir, 'refs/exptools/x', one!, '')).toBe(true);
    expect(swapRef(dir, 'refs/exptools/x', two!, '')).toBe(false);
    expect(swapRef(dir, 'refs/exptools/x', two!, one!)).toBe(true);
    setRef(dir, 'refs/exptools/x', one!, '');
    expect(git(dir, 'rev-parse', 'refs/exptools/x').trim()).toBe(one);
    expect(swapRef(dir, 'refs/exptools/gone', two!, one!)).toBe(false);
    setRef(dir, 'refs/exptools/gone', two!, one);
    expect(git(dir, 'rev-parse', 'refs/exptools/gone').trim()).toBe(two);
  });

  test('are as long as a file may be named, however long the text', ({ dir }) => {
    const commit = repository(dir);
    for (const text of ['x'.repeat(1000), '実験'.repeat(100), `${'x'.repeat(196)}.lock`]) {
      expect(swapRef(dir, `refs/exptools/runs/${refPart(text)}`, commit, '')).toBe(true);
      expect(swapRef(dir, namedRef(text, new Date()), commit, '')).toBe(true);
    }
  });

  test.for([
    'a b',
    '..',
    '.hidden',
    'x.lock',
    '@{',
    '~^:?*[\\',
    'ok_=+-.9',
    '',
    'a..b',
    'ä',
    '@',
    '-x',
  ])('have parts git takes, made of "%s"', (text, { dir }) => {
    git(dir, 'check-ref-format', `refs/tags/experiments/${refPart(text)}@20260131-142501`);
    git(dir, 'check-ref-format', `refs/exptools/runs/${refPart(text)}`);
  });
});

describe('tags that are no records of ours', () => {
  test('are listed as what they are', ({ dir }) => {
    const commit = repository(dir);
    git(dir, 'update-ref', 'refs/exptools/runs/light', 'HEAD');
    git(dir, 'tag', '-am', 'a message', 'experiments/foreign');
    git(dir, 'tag', 'experiments/blob', git(dir, 'rev-parse', 'HEAD:file.txt').trim());
    for (const message of ['{ "format": 1', '[]', 'null', '{"run":5}']) {
      const id = makeTag(dir, 'odd', commit, message);
      setRef(dir, `refs/exptools/runs/odd-${message.length}`, id);
    }

    const runs = taggedRuns(listTags(dir));

    expect(runs).toHaveLength(7);
    expect(runs.every(({ record }) => record === undefined)).toBe(true);
    expect(runs.filter((run) => run.commit === commit)).toHaveLength(6);
  });
});
