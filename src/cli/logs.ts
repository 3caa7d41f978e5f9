import {
  createReadStream,
  existsSync,
  readdirSync,
  statSync,
  watch,
  type ReadStream,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ExpError } from '../core/errors.ts';
import { outputTail, RUN_FILES } from '../core/layout.ts';
import { findRun } from '../store/find-runs.ts';
import { StoredRun } from '../store/stored-run.ts';

export interface LogsFlags {
  readonly root: string;
  readonly follow?: boolean;
  readonly json?: boolean;
}

const POLL_MS = 300;

/**
 * Prints what a run has printed; with `follow` until the run is over.
 * @throws {ExpError} EXP_USAGE for a run without an output file.
 */
export async function logs(name: string, flags: LogsFlags): Promise<void> {
  const run = findRun(flags.root, name);
  const path = join(run.dir, RUN_FILES.output);
  if (!existsSync(path)) {
    throw new ExpError(
      'EXP_USAGE',
      `The run ${run.manifest.id} has no ${RUN_FILES.output}: it has not started, or the file was removed.`,
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
  await print();
  if (flags.follow !== true) {
    // The tail of a long log stands in pieces of its own until the run is over, or for ever if its
    // launcher was killed.
    for (const piece of tailOf(run.dir)) await printFile(createReadStream(piece), flags);
    return;
  }
  for (let isOver = run.status !== 'running'; !isOver;) {
    await changed(path);
    // The status is read before the rest is printed, so that its last lines are not missed.
    isOver = new StoredRun(run.dir).status !== 'running';
    await print();
  }
}

function tailOf(dir: string): string[] {
  const start = outputTail(0).replace(/\d+$/, '');
  const names = readdirSync(dir).filter((name) => name.startsWith(start));
  return names.sort().map((name) => join(dir, name));
}

async function printFile(stream: ReadStream, flags: LogsFlags): Promise<void> {
  await (flags.json === true
    ? printJson(stream)
    : pipeline(stream, process.stdout, { end: false }));
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
