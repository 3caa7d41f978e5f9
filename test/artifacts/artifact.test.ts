import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { describe, expect } from 'vitest';
import { appendEntry } from '../../src/artifacts/file-index.ts';
import { RunFiles } from '../../src/artifacts/run-files.ts';
import { listArtifacts, logger, openRun } from '../../src/index.ts';
import { inRun } from '../helpers/in-run.ts';
import { testOnDisk } from '../helpers/small-disk.ts';
import { test } from '../helpers/temp-dir.ts';

const sha256 = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

/** What lies in the folder of a run's files, with what a crash could leave there. */
const filesOf = (runDir: string): string[] => {
  const folder = join(runDir, 'files');
  return existsSync(folder) ? (readdirSync(folder, { recursive: true }) as string[]).sort() : [];
};

describe('run.file', () => {
  test('is a path in the run whose folder is there', async ({ dir }) => {
    await inRun(dir, {}, (run) => {
      const path = run.file('plots/by-class/a b.txt');
      expect(path).toBe(join(run.dir, 'files/plots/by-class/a b.txt'));
      writeFileSync(path, 'x');
      expect(run.file('./plots//by-class/a b.txt')).toBe(path);
      expect(readFileSync(path, 'utf8')).toBe('x');
    });
  });

  test.for([
    ['../x', 'leaves the folder'],
    ['a/../../x', 'leaves the folder'],
    ['/etc/passwd', 'an absolute path'],
    ['C:\\x', 'an absolute path'],
    ['a\0b', 'a control character'],
    ['', 'there is no name'],
    ['folder/', 'there is no name'],
    ['x'.repeat(300), 'longer than 200 bytes'],
    ['x/'.repeat(600) + 'x', 'longer than 1000 bytes'],
  ] as const)('refuses %j', async ([name, problem], { dir }) => {
    await inRun(dir, {}, async (run) => {
      expect(() => run.file(name)).toThrow(problem);
      await expect(run.artifact(Buffer.from('x'), name)).rejects.toThrow(problem);
      await expect(run.save('x', name)).rejects.toThrow(problem);
      expect(filesOf(run.dir)).toEqual([]);
    });
  });
});

describe('run.artifact', () => {
  test('keeps a copy that the source does not change, and records it', async ({ dir }) => {
    const source = join(dir, 'model.bin');
    writeFileSync(source, 'one');
    const run = await openRun({ name: 'a', root: dir, sinks: [] }, async (run) => {
      logger.log({ loss: 1 }, { step: 7 });
      expect(await run.artifact(source)).toBe(join(run.dir, 'files/model.bin'));
      appendFileSync(source, ' two');
      await run.artifact(pathToFileURL(source), 'model.bin', { epochs: 3, loss: Number.NaN });
      await run.artifact(source, 'models/last.bin');
    });

    expect(filesOf(run.dir)).toEqual(['model-2.bin', 'model.bin', 'models', 'models/last.bin']);
    expect(statSync(join(run.dir, 'files/model.bin')).nlink).toBe(1);
    expect(readFileSync(join(run.dir, 'files/model.bin'), 'utf8')).toBe('one');
    const time = expect.stringMatching(/^\d{4}-.*Z$/) as string;
    expect(listArtifacts(run.dir)).toMatchObject([
      {
        name: 'model.bin',
        file: 'files/model.bin',
        kind: 'artifact',
        sha256: sha256('one'),
        bytes: 3,
        step: 7,
        attempt: 1,
        time,
      },
      {
        file: 'files/model-2.bin',
        sha256: sha256('one two'),
        metadata: { epochs: 3, loss: 'nan' },
      },
      { name: 'models/last.bin', file: 'files/models/last.bin' },
    ]);
  });

  test('writes bytes, and streams of bytes and text, larger than a buffer', async ({ dir }) => {
    const large = Buffer.alloc(3_000_000, 'abc');
    await inRun(dir, {}, async (run) => {
      await run.artifact(large, 'bytes');
      await run.artifact(Readable.from([large.subarray(0, 10), large.subarray(10)]), 'stream');
      await run.artifact(new Blob([large]).stream(), 'web');
      await run.artifact(['text ', 'in pieces'], 'text');

      const hashes = listArtifacts(run.dir).map((entry) => entry.sha256);
      expect(hashes).toEqual([...Array(3).fill(sha256(large)), sha256('text in pieces')]);
    });
  });

  test('copies a directory with what its links point to, hashed as sha256sum does', async ({
    dir,
  }) => {
    const source = join(dir, 'model');
    mkdirSync(join(source, 'inner'), { recursive: true });
    writeFileSync(join(source, 'b'), 'b');
    writeFileSync(join(source, 'inner/a'), 'a');
    writeFileSync(join(dir, 'outside'), 'outside');
    symlinkSync(join(dir, 'outside'), join(source, 'link'));
    await inRun(dir, {}, async (run) => {
      const kept = await run.artifact(source);

      expect(filesOf(run.dir)).toEqual([
        'model',
        'model/b',
        'model/inner',
        'model/inner/a',
        'model/link',
      ]);
      expect(statSync(join(kept, 'link')).isFile()).toBe(true);
      const sums = execFileSync('sha256sum', ['b', 'inner/a', 'link'], { cwd: kept });
      expect(listArtifacts(run.dir)).toMatchObject([
        { file: 'files/model', files: 3, bytes: 9, sha256: sha256(sums) },
      ]);
      expect(await run.artifact(source)).toBe(`${kept}-2`);
    });
  });

  test('records a file that is written where artifacts go, without a second copy', async ({
    dir,
  }) => {
    await inRun(dir, {}, async (run) => {
      const path = run.file('out/model.bin');
      writeFileSync(path, 'x');

      expect(await run.artifact(path)).toBe(path);

      expect(filesOf(run.dir)).toEqual(['out', 'out/model.bin']);
      expect(listArtifacts(run.dir)).toMatchObject([
        { name: 'out/model.bin', file: 'files/out/model.bin', sha256: sha256('x') },
      ]);
    });
  });

  test('leaves nothing where the source is missing, changes or breaks off', async ({ dir }) => {
    const growing = join(dir, 'growing');
    writeFileSync(growing, Buffer.alloc(30_000_000));
    const dangling = join(dir, 'dangling');
    mkdirSync(dangling);
    symlinkSync('nowhere', join(dangling, 'link'));
    const [circle, outer] = [join(dir, 'circle'), join(dir, 'outer')];
    mkdirSync(circle);
    symlinkSync('..', join(circle, 'up'));
    mkdirSync(outer);
    async function* broken(): AsyncGenerator<string> {
      yield 'half';
      throw new Error('the line is dead');
    }
    await inRun(dir, {}, async (run) => {
      await expect(run.artifact(join(dir, 'missing'))).rejects.toThrow(
        /Cannot keep ".*missing".*ENOENT/,
      );
      await expect(run.artifact(broken(), 'x')).rejects.toThrow(
        'Cannot keep "x": the line is dead.',
      );
      await expect(run.artifact(dangling)).rejects.toThrow('ENOENT');
      await expect(run.artifact(circle)).rejects.toThrow('the link "up" leads to a directory that');
      symlinkSync(run.dir, join(outer, 'run'));
      await expect(run.artifact(outer)).rejects.toThrow('the link "run" leads to a directory that');
      await expect(run.artifact(run.dir)).rejects.toThrow('the files of the run lie in it');
      await expect(run.artifact(Buffer.from('x'))).rejects.toThrow('needs a name');
      await expect(run.artifact(42 as never, 'x')).rejects.toThrow('An artifact is made of a path');
      for (const change of [
        () => appendFileSync(growing, 'more'),
        () => writeFileSync(growing, 'over', { flag: 'r+' }),
      ]) {
        const copying = run.artifact(growing);
        let isCopying = true;
        const again = (): void => {
          change();
          if (isCopying) setImmediate(again);
        };
        setImmediate(again);
        await expect(copying).rejects.toThrow('changed while it was read');
        isCopying = false;
      }
      await expect(run.save('x', 'a')).resolves.toContain('a.txt');
      await expect(run.save('x', 'a.txt/b')).rejects.toThrow('Cannot keep "a.txt/b"');
      expect(filesOf(run.dir)).toEqual(['a.txt']);
      expect(listArtifacts(run.dir)).toHaveLength(1);
    });
  });

  test('is waited for by the end of its run', async ({ dir }) => {
    const run = await openRun({ name: 'a', root: dir, sinks: [] }, (run) => {
      void run.artifact(Readable.from([Buffer.alloc(5_000_000)]), 'large');
    });

    expect(listArtifacts(run.dir)).toMatchObject([{ bytes: 5_000_000 }]);
  });

  test('removes what a process that was killed has left half made', async ({ dir }) => {
    const half = join(dir, 'files/.making-abc/model');
    mkdirSync(half, { recursive: true });
    writeFileSync(join(half, 'weights'), 'half');
    const files = new RunFiles(dir, () => -1);

    await Promise.all([files.artifact(Buffer.from('x'), 'x'), files.save('y', 'in/y')]);

    expect(filesOf(dir)).toEqual(['in', 'in/y.txt', 'x']);
  });

  testOnDisk('1m')('leaves nothing on a disk that is full', async ({ disk }) => {
    const runDir = join(disk, 'run');
    mkdirSync(runDir);
    const files = new RunFiles(runDir, () => -1);
    await files.save('small', 'small');

    await expect(files.artifact(Buffer.alloc(2_000_000), 'large')).rejects.toThrow(/large.*ENOSPC/);

    expect(filesOf(runDir)).toEqual(['small.txt']);
    expect(listArtifacts(runDir)).toHaveLength(1);
  });
});

describe('the index of files', () => {
  test('goes on after a line that a kill has torn, and leaves that out', ({ dir }) => {
    const entry = { name: 'a', file: 'files/a', kind: 'saved', time: '', attempt: 1 } as const;
    appendEntry(dir, entry);
    appendFileSync(join(dir, 'files.jsonl'), '{"name":"tor');
    appendEntry(dir, { ...entry, name: 'b' });

    expect(listArtifacts(dir).map(({ name }) => name)).toEqual(['a', 'b']);
    expect(listArtifacts(join(dir, 'nowhere'))).toEqual([]);
  });
});
