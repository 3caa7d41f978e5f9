import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { PROJECT_FILES } from '../../src/core/layout.ts';
import { directoryOf, findProject } from '../../src/project/find-project.ts';
import { test } from '../helpers/temp-dir.ts';
import { writeFiles } from '../helpers/typescript-project.ts';

describe('findProject', () => {
  test.for(PROJECT_FILES)('knows %s', (name, { dir }) => {
    writeFiles(dir, { [name]: '', 'src/deep/main.ts': '' });

    expect(findProject(join(dir, 'src/deep'))).toEqual({ dir, file: join(dir, name) });
  });

  test('takes a project file above several packages', ({ dir }) => {
    writeFiles(dir, {
      'exptools.config.json': {},
      'package.json': {},
      'packages/a/package.json': {},
    });

    expect(findProject(join(dir, 'packages/a')).dir).toBe(dir);
  });

  test('takes the nearest of several project files', ({ dir }) => {
    writeFiles(dir, { 'exptools.config.json': {}, 'inner/exptools.config.yaml': '' });

    expect(findProject(join(dir, 'inner'))).toMatchObject({ dir: join(dir, 'inner') });
  });

  test('falls back to the nearest package.json', ({ dir }) => {
    writeFiles(dir, { 'package.json': {}, 'inner/package.json': {}, 'inner/src/main.ts': '' });

    expect(findProject(join(dir, 'inner/src'))).toEqual({ dir: join(dir, 'inner') });
  });

  test('falls back to where it started', () => {
    expect(findProject('/proc/self')).toEqual({ dir: '/proc/self' });
  });

  test('gives an installed package to the project that installed it', ({ dir }) => {
    const inside = join(dir, 'node_modules/@scope/tool/node_modules/other/lib');
    writeFiles(dir, {
      'package.json': {},
      'node_modules/@scope/tool/package.json': {},
      'node_modules/@scope/tool/exptools.config.json': {},
    });

    expect(findProject(inside)).toEqual({ dir });
    expect(findProject(join(dir, 'node_modules'))).toEqual({ dir });
    expect(findProject('/node_modules/tool')).toEqual({ dir: '/' });
  });

  test('refuses two project files in one directory and names both', ({ dir }) => {
    writeFiles(dir, { 'exptools.config.ts': '', 'exptools.config.yaml': '' });

    expect(() => findProject(dir)).toThrow(
      expect.objectContaining({
        code: 'EXP_CONFIG',
        message: expect.stringContaining(
          `"${join(dir, 'exptools.config.ts')}" and "${join(dir, 'exptools.config.yaml')}"`,
        ),
      }),
    );
  });
});

describe('directoryOf', () => {
  test('is that of the innermost file of the user', () => {
    expect(directoryOf(new Error().stack)).toBe(import.meta.dirname);
  });

  test('passes over installed packages', ({ dir }) => {
    const stack = (file: string): string =>
      `Error\n    at open (${dir}/node_modules/tool/index.js:1:2)\n    at main (${file}:3:4)`;

    expect(directoryOf(stack(join(dir, 'main.ts')))).toBe(dir);
  });

  test.for([
    ['no stack', undefined],
    ['a stack without files', 'Error\n    at REPL1:1:1'],
    ['the directory of another machine', 'Error\n    at main (/build/agent/7/src/main.ts:3:4)'],
  ])('is the current one for %s', ([, stack]) => {
    expect(directoryOf(stack)).toBe(process.cwd());
  });

  test('finds the project of the real file behind a link', ({ dir }) => {
    mkdirSync(join(dir, 'real'));
    writeFiles(dir, { 'real/exptools.config.json': {} });
    symlinkSync(join(dir, 'real'), join(dir, 'link'));

    const from = directoryOf(`Error\n    at main (file://${dir}/link/main.ts:3:4)`);

    expect(findProject(from).file).toBe(join(dir, 'link/exptools.config.json'));
  });
});
