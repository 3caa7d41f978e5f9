import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { REPO } from './run-exp.ts';

/**
 * Makes `dir` a project of its own, as a user has it: a package.json, the packages installed, and
 * the files of some fixtures. Its runs go to `runs` in it.
 */
export function makeProject(dir: string, ...fixtures: readonly string[]): void {
  writeFileSync(join(dir, 'package.json'), '{ "private": true, "type": "module" }\n');
  mkdirSync(join(dir, 'node_modules'));
  symlinkSync(REPO, join(dir, 'node_modules/exptools'));
  symlinkSync(join(REPO, 'node_modules/zod'), join(dir, 'node_modules/zod'));
  for (const fixture of fixtures) {
    cpSync(join(REPO, 'test/fixtures', fixture), join(dir, fixture), { recursive: true });
  }
}

/** Every file and directory below `dir`, but for installed packages. */
export function treeOf(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith('node_modules'))
    .sort();
}
