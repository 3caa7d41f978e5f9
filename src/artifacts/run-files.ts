import type { EventEmitter } from 'node:events';
import { existsSync, realpathSync, statSync, type OpenMode } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { ExpError, isExpError, messageOf } from '../core/errors.ts';
import { toJson } from '../core/json.ts';
import { RUN_DIRS, sharedDirOf } from '../core/layout.ts';
import { ensureDir } from '../files/create-dir.ts';
import { tryReadManifest } from '../store/manifest-file.ts';
import { checkedName } from './file-name.ts';
import { appendEntry, listArtifacts, type ArtifactEntry } from './file-index.ts';
import { hashFile, type Hashed } from './hashed.ts';
import { BackgroundHashes } from './opened-files.ts';
import { makeInPlace } from './put-in-place.ts';
import type { Saver } from './saver.ts';
import { chooseSaver } from './savers.ts';
import { contentOf, type ArtifactSource } from './source.ts';

/** How a value is saved. */
export interface SaveOptions {
  /** True for the folder that all runs of the experiment share. Default false. */
  readonly shared?: boolean;
  /** Kept in the index with the file; what JSON has. */
  readonly metadata?: unknown;
}

/** Flags for {@link RunFiles.open} that only read. */
const READING = new Set<OpenMode>(['r', 'rs', 'sr']);

/** The user's own files of one run: the folder `files/`, and the index of what came into it. */
export class RunFiles {
  readonly #dir: string;
  readonly #step: () => number;
  readonly #savers: readonly Saver[];
  readonly #hashes = new BackgroundHashes();
  readonly #pending = new Map<Promise<unknown>, string>();
  /** Opened files whose hashes are not known yet. */
  readonly #unhashed = new Set<ArtifactEntry>();
  readonly #unrecorded: string[] = [];
  /** Files that are open for writing, by their handles. */
  readonly #open = new Map<FileHandle, { name: string; path: string }>();
  #attempt: number | undefined;
  #count: number | undefined;

  /**
   * @param dir the run's directory; absolute.
   * @param step gives the step of the last row, -1 before the first.
   * @param savers come before the built-in ones.
   */
  constructor(dir: string, step: () => number, savers: readonly Saver[] = []) {
    this.#dir = dir;
    this.#step = step;
    this.#savers = savers;
  }

  /** @see Run.file */
  file(name: string): string {
    const path = join(this.#folder(), checkedName(name));
    attempt(`Cannot make a folder for "${name}"`, () => ensureDir(dirname(path)));
    return path;
  }

  /** @see Run.artifact */
  async artifact(source: ArtifactSource, name?: string, metadata?: unknown): Promise<string> {
    return this.#track(name ?? 'an artifact', this.#keep(source, name, metadata));
  }

  /** @see Run.save */
  async save(value: unknown, name: string, options: SaveOptions = {}): Promise<string> {
    return this.#track(name, this.#save(value, name, options));
  }

  /** @see Run.open */
  async open(path: string, flags: OpenMode = 'r'): Promise<FileHandle> {
    const absolute = resolve(path);
    if (statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true) {
      throw new ExpError('EXP_FILE', `Cannot open "${path}": it is a directory.`);
    }
    let handle: FileHandle;
    try {
      handle = await open(absolute, flags);
    } catch (error) {
      throw new ExpError('EXP_FILE', `Cannot open "${path}": ${messageOf(error)}.`, {
        cause: error,
      });
    }
    const file = { name: path, path: absolute };
    if (READING.has(flags)) {
      this.#noteOpened(file, 'read');
    } else {
      this.#open.set(handle, file);
      // The declarations of Node leave out that it is one.
      (handle as unknown as EventEmitter).once('close', () => this.#noteWritten(handle));
    }
    return handle;
  }

  /** How many entries the index has, over all attempts. */
  get count(): number {
    this.#count ??= listArtifacts(this.#dir).length;
    return this.#count;
  }

  /** True while anything is under way that the end of the run waits for. */
  get isBusy(): boolean {
    return this.#pending.size + this.#open.size + this.#unrecorded.length > 0;
  }

  /**
   * Waits for what is still under way: files that are copied, saved or hashed.
   * @param limitMs the longest it waits.
   * @returns the names of what was not done by then.
   */
  async settle(limitMs: number): Promise<string[]> {
    for (const handle of this.#open.keys()) this.#noteWritten(handle);
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<'out'>((done) => {
      timer = setTimeout(() => done('out'), limitMs);
    });
    while (this.#pending.size > 0) {
      const done = Promise.allSettled(this.#pending.keys());
      if ((await Promise.race([limit, done])) === 'out') break;
    }
    clearTimeout(timer);
    const late = [...this.#pending.values(), ...this.#unrecorded];
    this.endNow();
    return late;
  }

  /** Records what was opened and is not hashed yet, as it is; waits for nothing. */
  endNow(): void {
    for (const entry of this.#unhashed) {
      this.#unhashed.delete(entry);
      this.#append({ ...entry, problem: 'the run ended before it was hashed' });
    }
  }

  async #keep(
    source: ArtifactSource,
    name: string | undefined,
    metadata: unknown,
  ): Promise<string> {
    const folder = this.#folder();
    const content = contentOf(source, folder);
    const real = join(realpathSync(this.#dir), RUN_DIRS.files);
    const isKept = content.path?.startsWith(`${real}${sep}`) === true;
    const asked = name ?? (isKept ? relative(real, content.path) : content.name);
    if (asked === undefined) {
      throw new ExpError('EXP_USAGE', 'An artifact of bytes or a stream needs a name.');
    }
    const checked = checkedName(asked);
    if (isKept && join(real, checked) === content.path && statSync(content.path).isFile()) {
      // The user wrote it where artifacts go: it is one by being told of.
      const kept = join(folder, checked);
      const hashed = await cannot(asked, () => hashFile(kept));
      return this.#note({ name: asked, kind: 'artifact', metadata }, kept, hashed);
    }
    const { path, made } = await cannot(asked, () => {
      ensureDir(folder);
      return makeInPlace(folder, checked, content.put);
    });
    return this.#note({ name: asked, kind: 'artifact', metadata }, path, made);
  }

  async #save(value: unknown, name: string, options: SaveOptions): Promise<string> {
    const folder = options.shared === true ? this.#shared() : this.#folder();
    const { saver, name: full } = chooseSaver(checkedName(name), value, this.#savers);
    const { path, made } = await cannot(name, () => {
      ensureDir(folder);
      return makeInPlace(folder, full, async (temporary) => {
        await saver.save(value, temporary);
        return hashFile(temporary);
      });
    });
    return this.#note({ name, kind: 'saved', metadata: options.metadata }, path, made);
  }

  #noteWritten(handle: FileHandle): void {
    const file = this.#open.get(handle);
    if (file === undefined) return;
    this.#open.delete(handle);
    this.#noteOpened(file, 'write');
  }

  /** Records it once its hash is known; the end of the run waits for that. */
  #noteOpened({ name, path }: { name: string; path: string }, access: 'read' | 'write'): void {
    const entry: ArtifactEntry = { name, file: path, kind: 'opened', access, ...this.#moment() };
    this.#unhashed.add(entry);
    const noted = this.#hashes.of(path).then((found) => {
      // The end of the process may have been faster.
      if (!this.#unhashed.delete(entry)) return;
      this.#append({ ...entry, ...found });
    });
    this.#track(name, noted).catch(() => this.#unrecorded.push(name));
  }

  #note(
    { name, kind, metadata }: { name: string; kind: 'artifact' | 'saved'; metadata: unknown },
    path: string,
    hashed: Hashed & { readonly files?: number },
  ): string {
    this.#append({
      name,
      file: relative(this.#dir, path).split(sep).join('/'),
      kind,
      ...hashed,
      ...(metadata !== undefined && { metadata: toJson(metadata) }),
      ...this.#moment(),
    });
    return path;
  }

  #moment(): Pick<ArtifactEntry, 'time' | 'step' | 'attempt'> {
    const step = this.#step();
    this.#attempt ??= Math.max(1, tryReadManifest(this.#dir)?.attempts.length ?? 1);
    return {
      time: new Date().toISOString(),
      ...(step >= 0 && { step }),
      attempt: this.#attempt,
    };
  }

  #append(entry: ArtifactEntry): void {
    const before = this.count;
    attempt(`Cannot record "${entry.name}"`, () => appendEntry(this.#dir, entry));
    this.#count = before + 1;
  }

  #folder(): string {
    return join(this.#existing(), RUN_DIRS.files);
  }

  #shared(): string {
    return sharedDirOf(this.#existing());
  }

  #existing(): string {
    if (existsSync(this.#dir)) return this.#dir;
    throw new ExpError(
      'EXP_FILE',
      `The directory of the run is gone: "${this.#dir}". That of a ghost run goes as it ends.`,
    );
  }

  /** What the end of the run waits for; whoever asked for it learns of errors as well. */
  async #track<T>(name: string, work: Promise<T>): Promise<T> {
    const settled: Promise<void> = work.then(
      () => void this.#pending.delete(settled),
      () => void this.#pending.delete(settled),
    );
    this.#pending.set(settled, name);
    return work;
  }
}

async function cannot<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asFileError(`Cannot keep "${name}"`, error);
  }
}

function attempt(failure: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw asFileError(failure, error);
  }
}

function asFileError(failure: string, error: unknown): ExpError {
  if (isExpError(error)) return error;
  return new ExpError('EXP_FILE', `${failure}: ${messageOf(error)}.`, { cause: error });
}
