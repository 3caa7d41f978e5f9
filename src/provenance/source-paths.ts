import { readdirSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { LeftOut } from '../core/sources.ts';
import { tryGitText } from './run-git.ts';

/** The files a project consists of, relative to its directory, with slashes. */
export interface SourcePaths {
  readonly paths: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Lists the files of a project: with git, those it tracks and the new ones it does not ignore;
 * without git, or in a directory that git ignores, every file outside of hidden directories.
 * Installed packages are no sources either way.
 * @param except directories that are no part of the project: run roots.
 */
export function sourcePaths(dir: string, except: readonly string[]): SourcePaths {
  const inside = except
    .map((path) => relative(dir, path))
    .filter((path) => path !== '' && path.split(sep)[0] !== '..' && !isAbsolute(path))
    .map((path) => path.split(sep).join('/'));
  const listed = listedByGit(dir, inside);
  return listed.length > 0 ? withoutPackages(listed) : walk(dir, inside);
}

function listedByGit(dir: string, except: readonly string[]): string[] {
  const ls = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const outside = except.map((path) => `:(exclude,literal)${path}`);
  const text = tryGitText(dir, [...ls, '--', '.', ...outside]) ?? '';
  // A file with a merge conflict is listed once for every side.
  return [...new Set(text.split('\0'))].filter((path) => path !== '');
}

function withoutPackages(listed: readonly string[]): SourcePaths {
  const packages = new Set<string>();
  const paths = listed.filter((path) => {
    const found = /^(?:.*?\/)?node_modules\//.exec(path);
    if (found !== null) packages.add(found[0]);
    return found === null;
  });
  return { paths, leftOut: [...packages].map((path) => ({ path, reason: PACKAGES })) };
}

const PACKAGES = 'installed packages';

function walk(dir: string, except: readonly string[]): SourcePaths {
  const paths: string[] = [];
  const leftOut: LeftOut[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(dir, folder), { withFileTypes: true })) {
      const path = `${folder}${entry.name}`;
      if (!entry.isDirectory()) paths.push(path);
      else if (except.includes(path)) continue;
      else if (entry.name === 'node_modules') leftOut.push({ path: `${path}/`, reason: PACKAGES });
      else if (entry.name.startsWith('.'))
        leftOut.push({ path: `${path}/`, reason: 'a hidden directory' });
      else visit(`${path}/`);
    }
  };
  visit('');
  return { paths, leftOut };
}
