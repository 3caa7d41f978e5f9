import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { RunFiles } from '../../src/artifacts/run-files.ts';
import { listArtifacts, openRun, type Run } from '../../src/index.ts';
import { test } from '../helpers/temp-dir.ts';

const sha256 = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

const opening = (root: string, work: (run: Run<object>) => unknown): Promise<Run<object>> =>
  openRun({ name: 'opening', root, sinks: [] }, work);

describe('run.open', () => {
  test('reads as open of Node does, and records what was read with its hash', async ({ dir }) => {
    const data = join(dir, 'data.csv');
    writeFileSync(data, 'a\n1\n');
    const run = await opening(dir, async (run) => {
      const file = await run.open(data);
      const lines: string[] = [];
      for await (const line of file.readLines()) lines.push(line);
      expect(lines).toEqual(['a', '1']);
    });

    expect(listArtifacts(run.dir)).toMatchObject([
      {
        name: data,
        file: data,
        kind: 'opened',
        access: 'read',
        sha256: sha256('a\n1\n'),
        bytes: 4,
      },
    ]);
  });

  test('does not wait for the hash of a large file; the end of the run does', async ({ dir }) => {
    const data = join(dir, 'large.bin');
    const content = Buffer.alloc(30_000_000, 'x');
    writeFileSync(data, content);
    const run = await opening(dir, async (run) => {
      await using file = await run.open(data);
      await using again = await run.open(data, 'r');
      expect((await again.read(Buffer.alloc(1), 0, 1, 0)).bytesRead).toBe(1);
      expect(file.fd).not.toBe(again.fd);
      expect(listArtifacts(run.dir)).toEqual([]);
    });

    const hash = sha256(content);
    expect(listArtifacts(run.dir).map((entry) => entry.sha256)).toEqual([hash, hash]);
  });

  test('records what was written once it is closed, by whichever way', async ({ dir }) => {
    const [one, two, three] = ['one', 'two', 'three'].map((name) => join(dir, name)) as [
      string,
      string,
      string,
    ];
    let kept: FileHandle;
    const run = await opening(dir, async (run) => {
      const file = await run.open(one, 'w');
      await file.writeFile('1');
      await file.close();
      const stream = (await run.open(two, 'w')).createWriteStream();
      stream.end('22');
      await once(stream, 'close');
      kept = await run.open(three, 'a'); // still open as the run ends
      await kept.appendFile('333');
    });
    await kept!.close();

    expect(listArtifacts(run.dir)).toMatchObject([
      { file: one, access: 'write', sha256: sha256('1'), bytes: 1 },
      { file: two, sha256: sha256('22') },
      { file: three, sha256: sha256('333') },
    ]);
    expect(readFileSync(two, 'utf8')).toBe('22');
  });

  test('says what cannot be opened, and records nothing of it', async ({ dir }) => {
    mkdirSync(join(dir, 'folder'));
    const run = await opening(dir, async (run) => {
      await expect(run.open(join(dir, 'missing.csv'))).rejects.toThrow(
        /Cannot open ".*missing.csv": ENOENT/,
      );
      await expect(run.open(join(dir, 'folder'))).rejects.toThrow('it is a directory');
    });

    expect(listArtifacts(run.dir)).toEqual([]);
  });

  test('is recorded without a hash where the process ends before there is one', async ({ dir }) => {
    const data = join(dir, 'large.bin');
    writeFileSync(data, Buffer.alloc(30_000_000));
    const files = new RunFiles(dir, () => 3);
    await using _ = await files.open(data);

    files.endNow();

    const entry = { file: data, step: 3, problem: 'the run ended before it was hashed' };
    expect(listArtifacts(dir)).toMatchObject([entry]);
    await files.settle(20_000);
    expect(listArtifacts(dir)).toHaveLength(1);
  });
});
