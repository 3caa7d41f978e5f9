import { execFileSync } from 'node:child_process';

/** Runs git in a directory, as somebody. */
export function git(dir: string, ...args: string[]): string {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];
  return execFileSync('git', [...who, ...args], { cwd: dir, encoding: 'utf8', stdio: 'pipe' });
}
