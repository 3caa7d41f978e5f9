import { createHash } from 'node:crypto';
import { mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { copyHashed, type Hashed } from './hashed.ts';

/** What a directory holds. */
export interface HashedDirectory extends Hashed {
  /** How many files are in it. */
  readonly files: number;
}

/**
 * Copies a directory; links become what they point to, so that the copy is complete in itself. Its
 * SHA-256 is that of the listing `sha256sum` prints of its files, sorted by path.
 */
export async function copyDirectory(from: string, to: string): Promise<HashedDirectory> {
  const found: { path: string; hashed: Hashed }[] = [];
  await copyInto(from, to, '', [await realpath(dirname(to))], found);
  const lines = found
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, hashed }) => `${hashed.sha256}  ${path}\n`);
  return {
    sha256: createHash('sha256').update(lines.join('')).digest('hex'),
    bytes: found.reduce((sum, { hashed }) => sum + hashed.bytes, 0),
    files: found.length,
  };
}

async function copyInto(
  from: string,
  to: string,
  path: string,
  above: readonly string[],
  found: { path: string; hashed: Hashed }[],
): Promise<void> {
  const real = await realpath(from);
  if (above.some((one) => one === real || one.startsWith(`${real}${sep}`))) {
    throw new Error(`the link "${path}" leads to a directory that holds it, or its copy`);
  }
  // Read before anything is created: the copy may come to lie in the directory.
  const names = await readdir(from);
  await mkdir(to);
  for (const name of names) {
    const [source, target] = [join(from, name), join(to, name)];
    const inner = path === '' ? name : `${path}/${name}`;
    const kind = await stat(source);
    if (kind.isDirectory()) await copyInto(source, target, inner, [...above, real], found);
    else if (kind.isFile()) found.push({ path: inner, hashed: await copyHashed(source, target) });
    else throw new Error(`"${inner}" is neither a file nor a directory`);
  }
}
