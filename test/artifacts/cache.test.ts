import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, vi } from 'vitest';
import { cache, openRun } from '../../src/index.ts';
import { listRunDirs } from '../../src/store/find-runs.ts';
import { REPO, start, type Started } from '../helpers/run-exp.ts';
import { test } from '../helpers/temp-dir.ts';

const FILL = join(REPO, 'test/fixtures/cache/fill.js');

/** Starts a process that asks for the key. */
function asking(dir: string, how: 'stay' | 'fill'): Started {
  const started = start(process.execPath, [FILL, join(dir, 'cache'), join(dir, 'calls'), how]);
  onTestFinished(() => void started.child.kill('SIGKILL'));
  return started;
}

const linesOf = (path: string): string[] => readFileSync(path, 'utf8').trimEnd().split('\n');

describe('cache', () => {
  test('fills a directory once, whoever asks at once or later', async ({ dir }) => {
    const fill = vi.fn(async (into: string) => {
      expect(readdirSync(into)).toEqual([]);
      await Promise.resolve();
      writeFileSync(join(into, 'data'), 'here');
    });
    const key = 'a/key: with "anything" \u{1F600}, and longer than names of files may be'.repeat(9);

    const dirs = await Promise.all([1, 2, 3].map(() => cache(key, fill, { dir })));
    dirs.push(await cache(key, fill, { dir }));

    expect(new Set(dirs)).toHaveLength(1);
    expect(fill).toHaveBeenCalledTimes(1);
    expect(readFileSync(join(dirs[0]!, 'data'), 'utf8')).toBe('here');
    expect(JSON.parse(readFileSync(join(dirs[0]!, '../key.json'), 'utf8'))).toMatchObject({ key });
    expect(await cache('another', fill, { dir })).not.toBe(dirs[0]);
  });

  test('keeps nothing where filling fails, and the next one tries again', async ({ dir }) => {
    const failing = cache(
      'key',
      (into) => {
        writeFileSync(join(into, 'half'), '');
        throw new Error('no network');
      },
      { dir },
    );
    await expect(failing).rejects.toThrow('no network');

    const filled = await cache('key', (into) => writeFileSync(join(into, 'whole'), ''), { dir });

    expect(readdirSync(filled)).toEqual(['whole']);
    expect(readdirSync(join(filled, '..')).filter((name) => name.startsWith('filling'))).toEqual(
      [],
    );
    await expect(cache('', () => {}, { dir })).rejects.toThrow('must be text');
    await expect(cache('key', () => {}, { dir: '/proc/nowhere' })).rejects.toThrow(
      'Cannot cache "key"',
    );
  });

  test('that cannot be written is named', async ({ dir }) => {
    writeFileSync(join(dir, 'file'), '');

    await expect(cache('key', () => {}, { dir: join(dir, 'file/cache') })).rejects.toThrow(
      /^Cannot cache "key": .*(ENOTDIR|EEXIST)/,
    );
  });

  test('is filled by one of several processes, while the others wait', async ({ dir }) => {
    const all = Array.from({ length: 4 }, () => asking(dir, 'fill'));

    const ends = await Promise.all(all.map(({ finished }) => finished));

    const filled = ends.map(({ stdout }) => /^filled (.*)$/m.exec(stdout)![1]!);
    expect(new Set(filled)).toHaveLength(1);
    expect(linesOf(join(dir, 'calls'))).toHaveLength(1);
    expect(readdirSync(filled[0]!).sort()).toEqual(['half', 'whole']);
  });

  test('is taken over from a process that is killed, with nothing of its half', async ({ dir }) => {
    const first = asking(dir, 'stay');
    await first.until(/filling/);
    const second = asking(dir, 'fill');
    await vi.waitFor(() => expect(existsSync(join(dir, 'calls'))).toBe(true));
    first.child.kill('SIGKILL');

    const { stdout, code } = await second.finished;

    expect(code).toBe(0);
    const filled = /^filled (.*)$/m.exec(stdout)![1]!;
    expect(readFileSync(join(filled, 'whole'), 'utf8')).toBe(String(second.child.pid));
    expect(linesOf(join(dir, 'calls'))).toEqual([first, second].map(({ child }) => `${child.pid}`));
    expect(readdirSync(join(filled, '..')).filter((name) => name.startsWith('filling'))).toEqual(
      [],
    );
  });

  test('lies in the root of the run that asks, where no reader takes it for a run', async ({
    dir,
  }) => {
    const run = await openRun({ name: 'asking', root: dir, sinks: [] }, async (run) => {
      run.result = await cache('key', (into) => writeFileSync(join(into, 'run.json'), '{}'));
    });

    expect(run.result).toContain(join(dir, '.cache'));
    expect(listRunDirs(dir)).toEqual([run.dir]);
  });
});
