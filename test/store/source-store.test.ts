import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { jsonText } from '../../src/core/json.ts';
import { sourceStore, sourceStoreOf, storedSource } from '../../src/core/layout.ts';
import type { SourceListing, SourcesState } from '../../src/core/sources.ts';
import { placeSources, storeSource } from '../../src/store/source-store.ts';
import { treeOf } from '../helpers/project.ts';
import { start } from '../helpers/run-exp.ts';
import { test } from '../helpers/temp-dir.ts';

const HELLO = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

describe('storeSource', () => {
  test('keeps a content once, read-only, under its hash', ({ dir }) => {
    expect([storeSource(dir, 'hello'), storeSource(dir, Buffer.from('hello'))]).toEqual([
      HELLO,
      HELLO,
    ]);

    expect(treeOf(dir)).toEqual(['2c', `2c/${HELLO}`]);
    expect(readFileSync(storedSource(dir, HELLO), 'utf8')).toBe('hello');
    expect(statSync(storedSource(dir, HELLO)).mode & 0o777).toBe(0o444);
  });

  test('heals a content that a crash of the machine cut short', ({ dir }) => {
    storeSource(dir, 'hello');
    chmodSync(storedSource(dir, HELLO), 0o644);
    truncateSync(storedSource(dir, HELLO), 0);

    storeSource(dir, 'hello');

    expect(readFileSync(storedSource(dir, HELLO), 'utf8')).toBe('hello');
  });

  test('is whole whoever keeps the same at the same time', async ({ dir }) => {
    const module = JSON.stringify(
      join(import.meta.dirname, '../../dist/src/store/source-store.js'),
    );
    const program = `
      import { storeSource } from ${module};
      for (let i = 0; i < 50; i++) storeSource(${JSON.stringify(dir)}, String(i).repeat(5000));`;

    const ends = await Promise.all(
      Array.from({ length: 4 }, () => {
        return start(process.execPath, ['--input-type=module', '-e', program]).finished;
      }),
    );

    expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual(ends.map(() => [0, '']));
    const files = treeOf(dir).filter((path) => path.includes('/'));
    expect(files).toHaveLength(50);
    for (const path of files) {
      const content = readFileSync(join(dir, path));
      expect(storeSource(join(dir, 'again'), content)).toBe(path.slice(3));
    }
  });
});

describe('placeSources', () => {
  const place = (dir: string): { run: string; state: SourcesState; store: string } => {
    const run = join(dir, 'digits/run-1');
    mkdirSync(run, { recursive: true });
    const store = sourceStoreOf(run);
    const listing: SourceListing = {
      format: 1,
      files: [
        { path: 'src/main.ts', sha256: storeSource(store, 'main'), bytes: 4 },
        { path: 'again.ts', sha256: storeSource(store, 'main'), bytes: 4 },
        { path: 'link.ts', link: 'src/main.ts' },
      ],
      leftOut: [{ path: '.env', reason: 'looks like a secret' }],
    };
    const state = {
      listing: storeSource(store, jsonText(listing)),
      files: 3,
      bytes: 8,
      leftOut: 1,
    };
    return { run, state, store };
  };

  test('gives a run its tree and the listing; contents are shared with the store', ({ dir }) => {
    const { run, state, store } = place(dir);

    expect(placeSources(run, state)).toEqual(state);

    expect(store).toBe(sourceStore(dir));
    expect(treeOf(run)).toEqual([
      'sources',
      'sources.json',
      'sources/again.ts',
      'sources/link.ts',
      'sources/src',
      'sources/src/main.ts',
    ]);
    expect(readFileSync(join(run, 'sources/link.ts'), 'utf8')).toBe('main');
    expect(readlinkSync(join(run, 'sources/link.ts'))).toBe('src/main.ts');
    expect(statSync(join(run, 'sources/src/main.ts')).nlink).toBe(3);
    expect(JSON.parse(readFileSync(join(run, 'sources.json'), 'utf8'))).toMatchObject({
      leftOut: [{ path: '.env', reason: 'looks like a secret' }],
    });
  });

  test('leaves a run without a tree, but with the reason, when something fails', ({ dir }) => {
    const { run, state } = place(dir);
    writeFileSync(join(run, 'sources'), 'in the way');
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);

    const left = placeSources(run, state);

    expect(left).toEqual({ error: expect.stringMatching(/ENOTDIR|EEXIST/) });
    expect(stderr.mock.calls[0]![0]).toMatch(/^exptools: the run has no copy of its sources: E/);
    stderr.mockRestore();
    expect(readdirSync(run)).toEqual(['sources.json']);
    expect(JSON.parse(readFileSync(join(run, 'sources.json'), 'utf8'))).toMatchObject({
      files: [],
      error: (left as { error: string }).error,
    });
  });

  test('passes on why there was no backup to begin with', ({ dir }) => {
    const { run } = place(dir);
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);

    expect(placeSources(run, { error: 'no room' })).toEqual({ error: 'no room' });

    expect(stderr).toHaveBeenCalledOnce();
    stderr.mockRestore();
    expect(existsSync(join(run, 'sources'))).toBe(false);
  });
});
