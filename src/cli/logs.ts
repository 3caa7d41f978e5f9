import {
  createReadStream,
  existsSync,
  readdirSync,
  statSync,
  watch,
  type ReadStream,
} from 'node:fs';
import { basename, join } from 'node:path';
import { ExpError } from '../core/errors.ts';
import { outputTail, RUN_FILES } from '../core/layout.ts';
import { findRun, findRunOrSweep, type Found } from '../store/find-runs.ts';
import { launcherAt } from '../store/launcher-lock.ts';
import { isAlive } from '../store/process-identity.ts';
import { StoredRun } from '../store/stored-run.ts';

/** The flags of `run-exp logs`. */
export interface LogsFlags {
  readonly root: string;
  readonly follow?: boolean;
  readonly json?: boolean;
}

const POLL_MS = 300;

/** Something with an output file. */
interface Source {
  /** `run 20260131-...`, for messages. */
  readonly name: string;
  readonly dir: string;
  readonly isOver: () => boolean;
  /** Why the file may be missing. */
  readonly why: string;
}

/**
 * Prints what a run has printed, or a sweep that was started with --detach; with `follow` until the
 * run or the sweep is over.
 * @throws {ExpError} EXP_USAGE where there is no output file.
 */
export async function logs(name: string, flags: LogsFlags): Promise<void> {
  const { dir, isOver, ...source } = sourceOf(find(flags.root, name));
  const path = join(dir, RUN_FILES.output);
  if (!existsSync(path)) {
    throw new ExpError(
      'EXP_USAGE',
      `The ${source.name} has no ${RUN_FILES.output}: ${source.why}.`,
    );
  }
  let at = 0;
  const print = async (): Promise<void> => {
    const { size } = statSync(path);
    if (size <= at) return;
    const stream = createReadStream(path, { start: at, end: size - 1 });
    at = size;
    await printFile(stream, flags);
  };
  // The end is looked for before the rest is printed, so that the last lines are not missed.
  let wasOver = isOver();
  await print();
  if (flags.follow !== true) {
    // The tail of a long log stands in pieces of its own until the run is over, or for ever if its
    // launcher was killed.
    for (const piece of tailOf(dir)) await printFile(createReadStream(piece), flags);
    return;
  }
  while (!wasOver) {
    await changed(path);
    wasOver = isOver();
    await print();
  }
}

/** The last run has an output file, and of sweeps only those that were started with --detach. */
function find(root: string, name: string): Found {
  return name === 'last' ? { what: 'run', run: findRun(root, name) } : findRunOrSweep(root, name);
}

function sourceOf(found: Found): Source {
  if (found.what === 'sweep') {
    const { dir } = found;
    const owner = launcherAt(dir)?.process;
    const why = 'it was not started with --detach. Each of its runs has one';
    return {
      name: `sweep ${basename(dir)}`,
      dir,
      // Its last lines come when the sweep is given back already.
      isOver: () =>
        launcherAt(dir) === undefined && (owner === undefined || isAlive(owner) !== true),
      why,
    };
  }
  const { dir, manifest } = found.run;
  return {
    name: `run ${manifest.id}`,
    dir,
    isOver: () => !['queued', 'running'].includes(new StoredRun(dir).status),
    why: 'it has not started, or the file was removed',
  };
}

function tailOf(dir: string): string[] {
  const start = outputTail(0).replace(/\d+$/, '');
  const names = readdirSync(dir).filter((name) => name.startsWith(start));
  return names.sort().map((name) => join(dir, name));
}

async function printFile(stream: ReadStream, flags: LogsFlags): Promise<void> {
  await (flags.json === true ? printJson(stream) : printText(stream));
}

async function printText(stream: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of stream) {
    await new Promise<void>((resolve) => process.stdout.write(chunk, () => resolve()));
  }
}

async function printJson(stream: AsyncIterable<Buffer>): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const lines = Buffer.concat(chunks).toString('utf8').replace(/\n$/, '').split('\n');
  for (const line of lines) process.stdout.write(`${JSON.stringify({ line })}\n`);
}

/** Settles when the file changes, or soon: network file systems send no events. */
async function changed(path: string): Promise<void> {
  const watcher = watch(path);
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    watcher.once('change', () => resolve());
    timer = setTimeout(resolve, POLL_MS);
  });
  clearTimeout(timer);
  watcher.close();
}
