import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HashedFile } from '../core/environment.ts';
import { processState } from '../core/process-state.ts';
import { hashOf } from './code-files.ts';

/** In the order in which they count where there are several. */
const LOCKFILES: readonly string[] = [
  'npm-shrinkwrap.json',
  'package-lock.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
];

/** What a project says of the packages it needs. */
export interface PackageFiles {
  readonly packageJson?: HashedFile;
  readonly lockfile?: HashedFile;
}

/**
 * The nearest package.json above a directory, and the lockfile beside it or above, which serves a
 * whole workspace; nothing above the repository counts. Read once a process.
 */
export function packageFiles(dir: string): PackageFiles {
  const known = cache.get(dir);
  if (known !== undefined) return known;
  const packageJson = nearest(dir, ['package.json']);
  const lockfile = packageJson && nearest(dirname(packageJson), LOCKFILES);
  const files = {
    ...optional('packageJson', hashed(packageJson)),
    ...optional('lockfile', hashed(lockfile)),
  };
  cache.set(dir, files);
  return files;
}

const cache = processState('package-files', () => new Map<string, PackageFiles>());

function nearest(from: string, names: readonly string[]): string | undefined {
  for (let dir = from; ; dir = dirname(dir)) {
    const found = names.map((name) => join(dir, name)).find((path) => existsSync(path));
    if (found !== undefined || existsSync(join(dir, '.git')) || dirname(dir) === dir) return found;
  }
}

function hashed(path: string | undefined): HashedFile | undefined {
  const sha256 = path === undefined ? undefined : hashOf(path);
  return path === undefined || sha256 === undefined ? undefined : { path, sha256 };
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}
