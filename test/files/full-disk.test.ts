import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { AppendFile } from '../../src/files/append-file.ts';
import { writeAtomically } from '../../src/files/atomic-write.ts';
import { test } from '../helpers/small-disk.ts';

const KIB = 1024;
const first = 'a'.repeat(40 * KIB);
const second = 'b'.repeat(40 * KIB);
const full = expect.objectContaining({ code: 'ENOSPC' });

describe('AppendFile', () => {
  test('cuts a batch that fits only in part, so that none of it stays', ({ disk }) => {
    const path = join(disk, 'progress.csv');
    const file = new AppendFile(path);
    file.append(first);

    expect(() => file.append(second)).toThrow(full);

    expect(readFileSync(path, 'utf8') === first).toBe(true);
    file.close();
  });

  test('goes on where it was once there is room again', ({ disk }) => {
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, Buffer.alloc(20 * KIB));
    const path = join(disk, 'progress.csv');
    const file = new AppendFile(path);
    file.append(first);
    expect(() => file.append('b'.repeat(20 * KIB))).toThrow(full);

    rmSync(ballast);
    file.append('c'.repeat(20 * KIB));
    file.close();

    expect(readFileSync(path, 'utf8') === first + 'c'.repeat(20 * KIB)).toBe(true);
  });

  test('keeps the old file when there is no room for the rewritten one', ({ disk }) => {
    const path = join(disk, 'progress.csv');
    const file = new AppendFile(path);
    file.append(first);

    expect(() => file.rewrite((earlier) => earlier, 'tail')).toThrow(full);

    expect(readdirSync(disk)).toEqual(['progress.csv']);
    file.append('more');
    file.close();
    expect(readFileSync(path, 'utf8') === `${first}more`).toBe(true);
  });
});

describe('writeAtomically', () => {
  test('keeps the old content when there is no room for the new', ({ disk }) => {
    const path = join(disk, 'run.json');
    writeAtomically(path, first);

    expect(() => writeAtomically(path, second)).toThrow(full);

    expect(readFileSync(path, 'utf8') === first).toBe(true);
    expect(readdirSync(disk)).toEqual(['run.json']);
  });
});
