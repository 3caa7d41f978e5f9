import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { sourcePaths } from '../../src/provenance/source-paths.ts';
import { git } from '../helpers/repository.ts';
import { test } from '../helpers/temp-dir.ts';
import { writeFiles } from '../helpers/typescript-project.ts';

const FILES = {
  'main.ts': 'main',
  'src/net.ts': 'net',
  'src/deep/two words.ts': 'words',
  '.eslintrc': 'rules',
  'runs/digits/run.json': '{}',
  'node_modules/zod/index.js': 'zod',
  'packages/a/node_modules/b/index.js': 'b',
};
const SOURCES = ['.eslintrc', 'main.ts', 'src/deep/two words.ts', 'src/net.ts'];
const PACKAGES = [
  { path: 'node_modules/', reason: 'installed packages' },
  { path: 'packages/a/node_modules/', reason: 'installed packages' },
];

describe('sourcePaths', () => {
  test('lists all but packages and run roots without git, and names hidden directories', ({
    dir,
  }) => {
    writeFiles(dir, { ...FILES, '.idea/workspace.xml': '' });

    const { paths, leftOut } = sourcePaths(dir, [join(dir, 'runs')]);

    expect([...paths].sort()).toEqual(SOURCES);
    expect(leftOut).toHaveLength(3);
    expect(leftOut).toEqual(
      expect.arrayContaining([...PACKAGES, { path: '.idea/', reason: 'a hidden directory' }]),
    );
  });

  test('lists tracked and new files with git, ignored ones not', ({ dir }) => {
    writeFiles(dir, { ...FILES, '.gitignore': '*.log\n', 'out.log': 'noise' });
    git(dir, 'init', '-q');
    git(dir, 'add', 'main.ts', 'src/net.ts');

    const { paths, leftOut } = sourcePaths(dir, [join(dir, 'runs')]);

    expect([...paths].sort()).toEqual(['.eslintrc', '.gitignore', ...SOURCES.slice(1)]);
    expect(leftOut).toEqual(PACKAGES);
  });

  test('lists a directory inside of a repository by its own paths', ({ dir }) => {
    writeFiles(dir, { 'top.ts': '', 'packages/a/main.ts': '' });
    git(dir, 'init', '-q');

    expect(sourcePaths(join(dir, 'packages/a'), []).paths).toEqual(['main.ts']);
  });

  test('lists a directory that git ignores as if there were no git', ({ dir }) => {
    writeFiles(dir, { '.gitignore': 'scratch/\n', 'scratch/main.ts': '' });
    git(dir, 'init', '-q');

    expect(sourcePaths(join(dir, 'scratch'), []).paths).toEqual(['main.ts']);
  });

  test('lists a file with a merge conflict once', ({ dir }) => {
    writeFiles(dir, { 'main.ts': 'base' });
    git(dir, 'init', '-q', '-b', 'trunk');
    git(dir, 'add', '-A');
    git(dir, 'commit', '-qm', 'base');
    git(dir, 'checkout', '-qb', 'other');
    writeFiles(dir, { 'main.ts': 'theirs' });
    git(dir, 'commit', '-qam', 'theirs');
    git(dir, 'checkout', '-q', 'trunk');
    writeFiles(dir, { 'main.ts': 'ours' });
    git(dir, 'commit', '-qam', 'ours');
    expect(() => git(dir, 'merge', 'other')).toThrow();

    expect(sourcePaths(dir, []).paths).toEqual(['main.ts']);
  });

  test('takes run roots with characters that mean something to git, and ones outside', ({
    dir,
  }) => {
    writeFiles(dir, { 'main.ts': '', 'r[un]*s/x/run.json': '', 'rns/net.ts': '' });
    git(dir, 'init', '-q');

    const { paths } = sourcePaths(dir, [join(dir, 'r[un]*s'), '/scratch/runs']);

    expect([...paths].sort()).toEqual(['main.ts', 'rns/net.ts']);
  });

  test('is empty for an empty directory', ({ dir }) => {
    mkdirSync(join(dir, 'empty'));

    expect(sourcePaths(join(dir, 'empty'), [])).toEqual({ paths: [], leftOut: [] });
    rmSync(join(dir, 'empty'), { recursive: true });
  });
});
