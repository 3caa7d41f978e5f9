import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect } from 'vitest';
import { codeFiles } from '../../src/provenance/code-files.ts';
import { test } from '../helpers/temp-dir.ts';

/** Writes files and says which of them the first one consists of. */
async function filesOf(
  dir: string,
  files: Record<string, string>,
  ...more: readonly string[]
): Promise<string[]> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  const entries = [Object.keys(files)[0]!, ...more].map((name) => join(dir, name));
  return Object.keys(await codeFiles(entries))
    .map((path) => relative(dir, path))
    .sort();
}

describe('codeFiles', () => {
  test('follows imports between local files, and leaves packages out', async ({ dir }) => {
    const files = {
      'main.ts': `import { z } from 'zod'; import './a.js'; import type { T } from './types.ts';
        export * from './deep/b.mjs'; const c = await import('./c.cjs'); import d from './d.json'; d;
        export enum E { A } class X { @dec m(@par p: number) {} } declare const dec: any, par: any;`,
      'a.ts': `import 'node:fs'; import fs from 'fs';`,
      'deep/b.mjs': `import '../a.js'; export default 1;`,
      'c.cjs': `require('./e.js')`,
      'd.json': '{}',
      'e.js': '',
      'types.ts': 'export type T = number;',
      'unused.ts': '',
    };

    expect(await filesOf(dir, files)).toEqual([
      'a.ts',
      'c.cjs',
      'd.json',
      'deep/b.mjs',
      'e.js',
      'main.ts',
    ]);
  });

  test('follows the paths of a tsconfig', async ({ dir }) => {
    const files = {
      'src/main.ts': `import { x } from '@/lib/x'; console.log(x);`,
      'src/lib/x.ts': 'export const x = 1;',
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
    };

    expect(await filesOf(dir, files)).toEqual(['src/lib/x.ts', 'src/main.ts']);
  });

  test('takes in what is no code, and project files in every form', async ({ dir }) => {
    const files = {
      'main.ts': `import text from './prompt.txt'; import './style.css'; import w from './m.wasm'; [text, w];`,
      'prompt.txt': 'x',
      'style.css': 'x',
      'm.wasm': 'x',
      'exptools.config.yaml': 'root: runs',
    };

    expect(await filesOf(dir, files, 'exptools.config.yaml')).toEqual(Object.keys(files).sort());
  });

  test.for([
    ['with a syntax error', `import './a.js'; const = 1;`],
    ['with an import that is not there', `import './a.js'; import './nowhere.js';`],
  ] as const)('stands for itself alone: a file %s', async ([, text], { dir }) => {
    expect(await filesOf(dir, { 'main.ts': text, 'a.ts': '' })).toEqual(['main.ts']);
  });

  test('knows the content by its SHA-256', async ({ dir }) => {
    const file = join(dir, 'main.ts');
    writeFileSync(file, 'export {};');

    const sha256 = createHash('sha256').update('export {};').digest('hex');
    expect(await codeFiles([file])).toEqual({ [file]: sha256 });
  });

  test('leaves out a file that is not there', async ({ dir }) => {
    expect(await codeFiles([join(dir, 'gone.ts')])).toEqual({});
  });
});
