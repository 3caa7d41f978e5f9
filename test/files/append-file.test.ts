import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { AppendFile } from '../../src/files/append-file.ts';
import { REPO, start } from '../helpers/run-exp.ts';
import { test } from '../helpers/temp-dir.ts';

const MIB = 1 << 20;

function* failing(earlier: Iterable<Uint8Array>): Iterable<Uint8Array> {
  yield* earlier;
  throw new Error('no');
}

function text(path: string): string {
  return readFileSync(path, 'utf8');
}

describe('AppendFile', () => {
  test('creates an empty file', ({ dir }) => {
    const path = join(dir, 'a.csv');

    new AppendFile(path).close();

    expect(text(path)).toBe('');
  });

  test('refuses a file that is there already, and leaves it alone', ({ dir }) => {
    const path = join(dir, 'a.csv');
    writeFileSync(path, "yesterday's run");

    expect(() => new AppendFile(path)).toThrow(expect.objectContaining({ code: 'EEXIST' }));
    expect(text(path)).toBe("yesterday's run");
  });

  test('has written what it took, without being closed or flushed', ({ dir }) => {
    const path = join(dir, 'a.csv');
    const file = new AppendFile(path);

    file.append('größe\n');
    file.append(Buffer.from([0xf0, 0x9f, 0x98, 0x80]));
    file.append('');

    expect(text(path)).toBe('größe\n😀');
    file.close();
  });

  test('says so when the file was removed underneath', ({ dir }) => {
    const path = join(dir, 'a.csv');
    const file = new AppendFile(path);
    file.append('a\n');
    rmSync(path);

    expect(() => file.append('b\n')).toThrow(`${path} was removed while the run wrote it`);
    file.close();
    expect(existsSync(path)).toBe(false);
  });

  test('says so when someone made the file shorter, and adds no gap', ({ dir }) => {
    const path = join(dir, 'a.csv');
    const file = new AppendFile(path);
    file.append('abc\n');
    truncateSync(path, 1);

    expect(() => file.append('b\n')).toThrow(`${path} is shorter than what was written to it`);
    file.close();
    expect(text(path)).toBe('a');
  });

  test('follows a file whose directory was renamed', ({ dir }) => {
    const [before, after] = [join(dir, 'before'), join(dir, 'after')] as const;
    mkdirSync(before);
    const file = new AppendFile(join(before, 'a.csv'));
    file.append('a\n');

    renameSync(before, after);
    file.append('b\n');
    file.close();

    expect(text(join(after, 'a.csv'))).toBe('a\nb\n');
  });

  test('keeps every batch it acknowledged when the process is killed', async ({ dir }) => {
    const path = join(dir, 'a.csv');
    const program = join(REPO, 'test/fixtures/files/append-forever.js');
    const writer = start(process.execPath, [program, path]);

    await writer.until(/^500$/m);
    writer.child.kill('SIGKILL');
    const { signal, stdout } = await writer.finished;

    const acknowledged = stdout.slice(0, stdout.lastIndexOf('\n')).split('\n').length;
    const written = text(path).split('\n').slice(0, -1);
    expect(signal).toBe('SIGKILL');
    expect(written.length).toBeGreaterThanOrEqual(acknowledged);
    expect(written).toEqual(written.map((_, i) => `${i},${'x'.repeat(100)}`));
  });
});

describe('AppendFile.rewrite', () => {
  test('replaces the content and goes on behind it', ({ dir }) => {
    const path = join(dir, 'a.csv');
    const file = new AppendFile(path);
    file.append('a\n');

    file.rewrite((earlier) => ['head\n', ...earlier], 'tail\n');
    file.append('b\n');
    file.close();

    expect(text(path)).toBe('head\na\ntail\nb\n');
    expect(existsSync(`${path}.tmp`)).toBe(false);
  });

  test('streams a large file in chunks of at most a megabyte', ({ dir }) => {
    const path = join(dir, 'a.bin');
    const content = Buffer.alloc(2.5 * MIB, 'abcdefg');
    const file = new AppendFile(path);
    file.append(content);
    const sizes: number[] = [];

    file.rewrite(function* (earlier) {
      for (const chunk of earlier) {
        sizes.push(chunk.length);
        yield chunk;
      }
    }, '');
    file.close();

    expect(sizes).toEqual([MIB, MIB, MIB / 2]);
    expect(readFileSync(path).equals(content)).toBe(true);
  });

  test('shows readers the old file until the new one is complete', ({ dir }) => {
    const path = join(dir, 'a.csv');
    const file = new AppendFile(path);
    file.append('old\n');
    const seen: string[] = [];

    file.rewrite(function* (earlier) {
      yield 'head\n';
      seen.push(text(path));
      yield* earlier;
      seen.push(text(path));
    }, 'tail\n');
    file.close();

    expect(seen).toEqual(['old\n', 'old\n']);
    expect(text(path)).toBe('head\nold\ntail\n');
  });

  test('refuses a file that someone made shorter', ({ dir }) => {
    const path = join(dir, 'a.csv');
    const file = new AppendFile(path);
    file.append('abc\n');
    truncateSync(path, 1);

    expect(() => file.rewrite((earlier) => earlier, '')).toThrow(
      `${path} is shorter than what was written to it`,
    );
    expect(existsSync(`${path}.tmp`)).toBe(false);
    file.close();
  });

  test('overwrites what a crash left of an earlier attempt', ({ dir }) => {
    const path = join(dir, 'a.csv');
    writeFileSync(`${path}.tmp`, 'half of something much longer');
    const file = new AppendFile(path);
    file.append('a\n');

    file.rewrite((earlier) => earlier, 'b\n');
    file.close();

    expect(text(path)).toBe('a\nb\n');
  });

  test('leaves the file as it was if it throws, whatever came before', ({ dir }) => {
    const operation = fc.record({
      kind: fc.constantFrom('append', 'rewrite', 'fail'),
      bytes: fc.string({ maxLength: 20 }),
    });
    let count = 0;
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 12 }), (operations) => {
        const path = join(dir, `${count++}.txt`);
        const file = new AppendFile(path);
        let expected = '';

        for (const { kind, bytes } of operations) {
          if (kind === 'append') {
            file.append(bytes);
            expected += bytes;
          } else if (kind === 'rewrite') {
            file.rewrite((earlier) => ['<', ...earlier, '>'], bytes);
            expected = `<${expected}>${bytes}`;
          } else {
            expect(() => file.rewrite(failing, bytes)).toThrow('no');
          }
          expect(text(path)).toBe(expected);
        }
        file.close();
      }),
    );
  });
});
