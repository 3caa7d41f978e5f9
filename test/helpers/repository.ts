import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Runs git in a directory, as somebody. */
export function git(dir: string, ...args: string[]): string {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];
  return execFileSync('git', [...who, ...args], { cwd: dir, encoding: 'utf8', stdio: 'pipe' });
}

/** Makes a repository with one file, `file.txt`, in one commit on `trunk`, and returns its id. */
export function repository(dir: string): string {
  mkdirSync(dir, { recursive: true });
  git(dir, 'init', '-qb', 'trunk');
  writeFileSync(join(dir, 'file.txt'), 'as it was\n');
  git(dir, 'add', 'file.txt');
  git(dir, 'commit', '-qm', 'first');
  return head(dir);
}

/** The commit that is checked out. */
export function head(dir: string): string {
  return git(dir, 'rev-parse', 'HEAD').trim();
}
