import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The directory of the nearest package.json, from `start` upward; `start` itself if there is none. */
export function projectDir(start: string = process.cwd()): string {
  const from = resolve(start);
  for (let dir = from; ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'package.json'))) return dir;
    if (dirname(dir) === dir) return from;
  }
}
