import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { createFile } from '../../src/files/atomic-write.ts';
import { test } from '../helpers/temp-dir.ts';

describe('createFile', () => {
  test('writes text or bytes, and leaves nothing beside them', ({ dir }) => {
    createFile(join(dir, 'a'), 'größe');
    createFile(join(dir, 'b'), Uint8Array.of(0, 255));

    expect(readFileSync(join(dir, 'a'), 'utf8')).toBe('größe');
    expect([...readFileSync(join(dir, 'b'))]).toEqual([0, 255]);
    expect(readdirSync(dir).sort()).toEqual(['a', 'b']);
  });

  test('never overwrites', ({ dir }) => {
    writeFileSync(join(dir, 'a'), 'old');

    expect(() => createFile(join(dir, 'a'), 'new')).toThrow(
      expect.objectContaining({ code: 'EEXIST' }),
    );
    expect(readFileSync(join(dir, 'a'), 'utf8')).toBe('old');
  });

  test('takes the place of what a killed process left half written', ({ dir }) => {
    writeFileSync(join(dir, 'a.tmp'), 'half of a much longer tex');

    createFile(join(dir, 'a'), 'whole');

    expect(readFileSync(join(dir, 'a'), 'utf8')).toBe('whole');
    expect(readdirSync(dir)).toEqual(['a']);
  });
});
