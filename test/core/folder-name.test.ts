import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { folderName } from '../../src/core/folder-name.ts';
import { artifactFile } from '../../src/core/layout.ts';
import { test } from '../helpers/temp-dir.ts';

describe('folderName', () => {
  test.for([
    ['loss', 'loss'],
    ['größe 学', 'größe%20学'],
    ['a=1,b_c-d.e+f', 'a=1,b_c-d.e+f'],
    ['', '%'],
    ['.', '%2E'],
    ['..', '%2E%2E'],
    ['...', '...'],
    ['a\\b:c*?"<>|', 'a%5Cb%3Ac%2A%3F%22%3C%3E%7C'],
    ['50%', '50%25'],
    ['\0\n', '%00%0A'],
    ['12.png', '12%2Epng'],
    ['😀', '%F0%9F%98%80'],
  ])('of %j is %j', ([text, name]) => {
    expect(folderName(text!)).toBe(name);
  });

  test('of any text is one that a file system takes, and stays where it is', ({ dir }) => {
    const text = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(text, (any) => {
        const name = folderName(any);

        expect(name).not.toMatch(/[/\\\0]|^\.{0,2}$/);
        mkdirSync(join(dir, name), { recursive: true });
      }),
    );
  });

  test('of long texts differs where they do', () => {
    const long = '学'.repeat(200);

    expect(Buffer.byteLength(folderName(long))).toBeLessThanOrEqual(220);
    expect(folderName(`${long}a`)).not.toBe(folderName(`${long}b`));
  });
});

describe('artifactFile', () => {
  test('has the folders of the tag, and the step as its name', () => {
    expect(artifactFile('eval/frame', 12, 'png', 1)).toBe('artifacts/eval/frame/12.png');
    expect(artifactFile('eval/frame', 12, 'png', 2)).toBe('artifacts/eval/frame/12-2.png');
    expect(artifactFile('/../x', -3, 'md', 1)).toBe('artifacts/%/%2E%2E/x/-3.md');
  });
});
