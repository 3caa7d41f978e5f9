import { copyFileSync, lstatSync, mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fromBytes, pathUnder, toBytes } from './byte-path.ts';
import { git } from '../provenance/run-git.ts';
import type { Repository } from './repository.ts';

/**
 * Works with a copy of a repository's index, which is gone afterwards. The copy knows what the user's
 * index knows of files that have not changed, so that git need not read them again.
 */
export function withPrivateIndex<T>(repository: Repository, work: (index: string) => T): T {
  const dir = mkdtempSync(join(tmpdir(), 'exptools-index-'));
  try {
    const index = join(dir, 'index');
    copyIndex(resolve(repository.gitDir, 'index'), index);
    return work(index);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function copyIndex(from: string, to: string): void {
  const stats = statSync(from, { throwIfNoEntry: false });
  if (stats === undefined) return; // nothing was ever added
  copyFileSync(from, to);
  // Git reads files again that are not older than their index: the copy must not look newer.
  const seconds = Math.floor(Math.min(stats.mtimeMs, statSync(to).mtimeMs) / 1000);
  utimesSync(to, seconds, seconds);
}

/**
 * Makes git look at files again that the user told it to leave alone: those assumed to be unchanged, and
 * those of a sparse checkout that lie there all the same.
 */
export function lookEverywhere({ top }: Repository, index: string): void {
  const lines = fromBytes(git(top, ['ls-files', '-v', '-z'], { index })).split('\0');
  const assumed = lines.filter((line) => /^[a-z] /.test(line)).map((line) => line.slice(2));
  const skipped = lines
    .filter((line) => /^[sS] /.test(line))
    .map((line) => line.slice(2))
    .filter((path) => lstatSync(pathUnder(top, path), { throwIfNoEntry: false }) !== undefined);
  for (const [flag, paths] of [
    ['--no-assume-unchanged', assumed],
    ['--no-skip-worktree', skipped],
  ] as const) {
    if (paths.length === 0) continue;
    const input = toBytes(paths.map((path) => `${path}\0`).join(''));
    git(top, ['update-index', flag, '-z', '--stdin'], { index, input });
  }
}
