import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { writeAtomically } from '../../src/files/atomic-write.ts';
import { REPO, start } from '../helpers/run-exp.ts';
import { test } from '../helpers/temp-dir.ts';

describe('writeAtomically', () => {
  test('creates the file, and nothing beside it', ({ dir }) => {
    writeAtomically(join(dir, 'run.json'), '{"größe": "😀"}\n');

    expect(readFileSync(join(dir, 'run.json'), 'utf8')).toBe('{"größe": "😀"}\n');
    expect(readdirSync(dir)).toEqual(['run.json']);
  });

  test('replaces a longer content by a shorter one', ({ dir }) => {
    const path = join(dir, 'run.json');
    writeAtomically(path, 'long content');

    writeAtomically(path, '');

    expect(readFileSync(path, 'utf8')).toBe('');
  });

  test('overwrites what a crash left of an earlier attempt', ({ dir }) => {
    const path = join(dir, 'run.json');
    writeFileSync(`${path}.tmp`, 'half of something much longer');

    writeAtomically(path, 'new');

    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(dir)).toEqual(['run.json']);
  });

  test('replaces a file that cannot be written in place', ({ dir }) => {
    const path = join(dir, 'run.json');
    writeFileSync(path, 'old');
    chmodSync(path, 0o444);
    const before = statSync(path).ino;

    writeAtomically(path, 'new');

    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).ino).not.toBe(before);
  });

  test('leaves nothing behind when the name is taken by a directory', ({ dir }) => {
    const path = join(dir, 'run.json');
    mkdirSync(join(path, 'inside'), { recursive: true });

    expect(() => writeAtomically(path, 'new')).toThrow(expect.objectContaining({ code: 'EISDIR' }));

    expect(readdirSync(dir)).toEqual(['run.json']);
    expect(readdirSync(path)).toEqual(['inside']);
  });

  test('throws where there is no directory', ({ dir }) => {
    expect(() => writeAtomically(join(dir, 'none', 'run.json'), 'x')).toThrow(
      expect.objectContaining({ code: 'ENOENT' }),
    );
  });

  test('shows a reader in another process whole contents only, also after a kill', async ({
    dir,
  }) => {
    const path = join(dir, 'run.json');
    const program = join(REPO, 'test/fixtures/files/write-forever.js');
    const writer = start(process.execPath, [program, path]);
    await writer.until(/started/);

    const isWhole = (): boolean => /^(a{200000}|b{200000})$/.test(readFileSync(path, 'utf8'));
    const seen = Array.from({ length: 300 }, isWhole);
    writer.child.kill('SIGKILL');
    await writer.finished;

    expect(seen).not.toContain(false);
    expect(isWhole()).toBe(true);
  });
});
