import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect } from 'vitest';
import { createExclusiveDir } from '../../src/files/create-dir.ts';
import { REPO } from '../helpers/run-exp.ts';
import { test } from '../helpers/temp-dir.ts';

const PROGRAM = join(REPO, 'test/fixtures/files/create-dir.js');

/** Lets processes create one directory at the same moment, and collects what they say. */
async function race(dir: string, count: number): Promise<string[]> {
  const racers = await Promise.all(
    Array.from({ length: count }, async () => {
      const child = spawn(process.execPath, [PROGRAM, dir], { stdio: ['pipe', 'pipe', 'inherit'] });
      const lines = createInterface(child.stdout);
      await once(lines, 'line');
      return { child, result: once(lines, 'line') as Promise<[string]> };
    }),
  );
  for (const { child } of racers) child.stdin.end('go\n');
  return Promise.all(racers.map(async ({ result }) => (await result)[0]));
}

describe('createExclusiveDir', () => {
  test('creates a directory and the ones above it', ({ dir }) => {
    createExclusiveDir(join(dir, 'runs', 'digits', 'run-1'));

    expect(statSync(join(dir, 'runs', 'digits', 'run-1')).isDirectory()).toBe(true);
  });

  test('refuses one that exists, even empty', ({ dir }) => {
    const taken = join(dir, 'run-1');
    mkdirSync(taken);

    expect(() => createExclusiveDir(taken)).toThrow(
      expect.objectContaining({
        code: 'EXP_FILE',
        message: expect.stringContaining(`Cannot create the directory "${taken}"`),
        cause: expect.objectContaining({ code: 'EEXIST' }),
      }),
    );
  });

  test.for<[title: string, code: string, ...parts: string[]]>([
    ['in a file', 'ENOTDIR', 'file', 'run-1'],
    ['under a file', 'ENOTDIR', 'file', 'digits', 'run-1'],
    ['with too long a name', 'ENAMETOOLONG', 'x'.repeat(300)],
  ])('says what to do about a place %s', ([, code, ...parts], { dir }) => {
    writeFileSync(join(dir, 'file'), '');

    expect(() => createExclusiveDir(join(dir, ...parts))).toThrow(
      expect.objectContaining({
        code: 'EXP_FILE',
        message: expect.stringContaining('Choose another run root with --root.'),
        cause: expect.objectContaining({ code }),
      }),
    );
  });

  test.skipIf(process.platform !== 'linux')('refuses at once where no directory can be', () => {
    expect(() => createExclusiveDir('/proc/nowhere/digits/run-1')).toThrow(
      expect.objectContaining({
        code: 'EXP_FILE',
        cause: expect.objectContaining({ code: 'ENOENT' }),
      }),
    );
  });

  test('succeeds in exactly one of many processes', async ({ dir }) => {
    const results = await race(join(dir, 'runs', 'digits', 'run-1'), 16);

    expect(results.sort()).toEqual([...Array.from({ length: 15 }, () => 'EXP_FILE'), 'created']);
  });
});
