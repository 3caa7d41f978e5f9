import { closeSync, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { logger, openRun, stdoutSink, type SinkChoice } from 'exptools';
import { measure, type Sample, type Workload } from './measure.ts';

/** A sink of the package by name; what `stdout` prints goes to a file. */
export type SinkName = 'csv' | 'tensorboard' | 'stdout';

/** Logs the workload to sinks in a run of its own. `bytes` is the size of all their files. */
export async function measureSinks(
  names: readonly SinkName[],
  load: Workload,
  dir: string,
): Promise<Sample & { readonly bytes: number }> {
  const fd = openSync(join(dir, 'stdout.txt'), 'w');
  const file = { write: (text: string) => writeSync(fd, text) };
  const sinks = names.map((name): SinkChoice => {
    return name === 'stdout' ? stdoutSink({ stream: file }) : name;
  });
  const run = await openRun({ name: 'bench', root: join(dir, 'runs'), sinks });
  const sample = await measure(
    load,
    (row) => logger.log(row),
    () => run.close(),
  );
  closeSync(fd);
  if (names.includes('csv')) checkRows(join(run.dir, 'progress.csv'), load.rows);
  const written = names.includes('stdout') ? [join(dir, 'stdout.txt')] : [];
  for (const name of readdirSync(run.dir)) {
    if (name.endsWith('.csv') || name.startsWith('events')) written.push(join(run.dir, name));
  }
  return { ...sample, bytes: written.reduce((sum, path) => sum + statSync(path).size, 0) };
}

/** Speed counts only when nothing is lost. */
function checkRows(path: string, rows: number): void {
  const lines = readFileSync(path).reduce((count, byte) => count + (byte === 0x0a ? 1 : 0), -1);
  if (lines !== rows) throw new Error(`${path} holds ${lines} rows of ${rows}`);
}
