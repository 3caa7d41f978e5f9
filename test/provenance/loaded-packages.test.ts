import { expect, test } from 'vitest';
import { addModuleSource, loadedPackages } from '../../src/provenance/loaded-packages.ts';

test('modules that are no files of this machine are of no package', () => {
  addModuleSource(() => [
    'file://elsewhere/node_modules/far/index.js',
    'file:///node_modules/odd%2Fname/index.js',
    'node:fs',
    'data:text/javascript,0',
    'https://host/node_modules/web/index.js',
  ]);
  const names = Object.keys(loadedPackages());
  expect(names.filter((name) => ['far', 'odd', 'web'].includes(name))).toEqual([]);
});
