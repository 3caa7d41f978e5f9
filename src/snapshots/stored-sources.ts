import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { ExpError } from '../core/errors.ts';
import { RUN_DIRS, RUN_FILES } from '../core/layout.ts';
import type { LeftOut, SourceFile, SourceListing } from '../core/sources.ts';

/** The sources that a run has of its own; `undefined` where it has none. */
export function storedSources(runDir: string): SourceListing | undefined {
  try {
    const text = readFileSync(join(runDir, RUN_FILES.sources), 'utf8');
    const listing = JSON.parse(text) as SourceListing & { readonly error?: string };
    return listing.error === undefined ? listing : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Writes the stored sources of a run into an empty directory. They can be changed there.
 * @returns files whose copy is no longer what the run was started with.
 * @throws {ExpError} EXP_FILE for a listing that leads out of the directory; then nothing is written.
 */
export function copySources(
  runDir: string,
  { files }: SourceListing,
  target: string,
): readonly LeftOut[] {
  refuseWaysOut(runDir, files);
  mkdirSync(target, { recursive: true });
  return files.flatMap((file) => {
    const path = join(target, file.path);
    mkdirSync(dirname(path), { recursive: true });
    if ('link' in file) {
      symlinkSync(file.link, path);
      return [];
    }
    const content = readFileSync(join(runDir, RUN_DIRS.sources, file.path));
    const mode = file.executable === true ? 0o755 : 0o644;
    writeFileSync(path, content, { flag: 'wx', mode });
    const isSame = createHash('sha256').update(content).digest('hex') === file.sha256;
    return isSame ? [] : [{ path: file.path, reason: 'the copy of the run was changed' }];
  });
}

/** A run may come from somebody else: its files go nowhere but where they are asked for. */
function refuseWaysOut(runDir: string, files: readonly SourceFile[]): void {
  const links = files.filter((file) => 'link' in file).map(({ path }) => `${path}/`);
  for (const { path } of files) {
    const isPlain = path.split('/').every((part) => !['', '.', '..'].includes(part));
    if (isPlain && !links.some((link) => path.startsWith(link))) continue;
    throw new ExpError(
      'EXP_FILE',
      `The sources of "${runDir}" name a file that leads out of them: "${path}". Nothing is written.`,
    );
  }
}

/** Stored sources, and the run that has them. */
export interface SourcesOfRun {
  readonly dir: string;
  readonly listing: SourceListing;
}

/** The difference between the stored sources of two runs as a patch; empty where they are equal. */
export function sourcesPatch(from: SourcesOfRun, to: SourcesOfRun): string {
  const [before, after] = [from, to].map(
    ({ listing }) => new Map(listing.files.map((file) => [file.path, file])),
  ) as [Map<string, SourceFile>, Map<string, SourceFile>];
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths
    .filter((path) => !isSame(before.get(path), after.get(path)))
    .map((path) => {
      const [old, now] = [before.get(path), after.get(path)];
      const [oldText, nowText] = [textOf(from.dir, old), textOf(to.dir, now)];
      const head = `diff --git a/${path} b/${path}\n`;
      if (oldText === undefined || nowText === undefined) {
        return `${head}Binary files a/${path} and b/${path} differ\n`;
      }
      const names = [
        old === undefined ? '/dev/null' : `a/${path}`,
        now === undefined ? '/dev/null' : `b/${path}`,
      ] as const;
      const patch = createTwoFilesPatch(...names, oldText, nowText, undefined, undefined, {
        context: 3,
      });
      const modes = modeLines(old, now);
      return `${head}${modes}${oldText === nowText ? '' : patch.replace(/^=+\n/, '')}`;
    })
    .join('');
}

function isSame(one: SourceFile | undefined, other: SourceFile | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The content of a file, that of a link being where it leads; `undefined` for what is no text. */
function textOf(dir: string, file: SourceFile | undefined): string | undefined {
  if (file === undefined) return '';
  if ('link' in file) return file.link;
  const content = readFileSync(join(dir, RUN_DIRS.sources, file.path));
  return content.includes(0) ? undefined : content.toString();
}

function modeLines(old: SourceFile | undefined, now: SourceFile | undefined): string {
  if (old === undefined) return `new file mode ${mode(now!)}\n`;
  if (now === undefined) return `deleted file mode ${mode(old)}\n`;
  return mode(old) === mode(now) ? '' : `old mode ${mode(old)}\nnew mode ${mode(now)}\n`;
}

function mode(file: SourceFile): string {
  if ('link' in file) return '120000';
  return file.executable === true ? '100755' : '100644';
}
