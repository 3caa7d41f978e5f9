import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { attemptDir } from '../core/layout.ts';
import type { FileOutput, SinkRun } from '../core/sink.ts';
import { AppendFile } from '../files/append-file.ts';

const TMP = '.tmp';

/**
 * Creates the file of a sink. For a run that goes on it takes over what stands of the one that an
 * earlier attempt has left; killed in the middle of that, it can be done again.
 */
export function openOutput(output: FileOutput, run: SinkRun): AppendFile {
  const path = join(run.dir, output.file);
  if (run.resumedAt !== undefined) return goOn(path, output, run.dir);
  const { attempt = 1 } = run;
  if (attempt > 1 && existsSync(path)) {
    const aside = join(attemptDir(run.dir, attempt - 1), output.file);
    mkdirSync(dirname(aside), { recursive: true });
    renameSync(path, aside);
  }
  return create(path, output);
}

function create(path: string, { head = '' }: FileOutput): AppendFile {
  const created = new AppendFile(path);
  created.append(head);
  return created;
}

function goOn(path: string, output: FileOutput, dir: string): AppendFile {
  const { file, reopen, replaces } = output;
  const names = readdirSync(dir);
  const isReplaced = (name: string): boolean => name === file || replaces?.(name) === true;
  // What a kill has left of one that was being written.
  for (const name of names.filter((name) => name.endsWith(TMP))) {
    if (isReplaced(name.slice(0, -TMP.length))) rmSync(join(dir, name), { force: true });
  }
  const replaced = names.filter(isReplaced);
  // The names of event files end with the time: the newest holds all that the others have.
  const newest = replaced.sort().at(-1);
  if (newest === undefined) return create(path, output);
  const opened = new AppendFile(join(dir, newest), 'open');
  if (reopen !== undefined) opened.rewrite((earlier) => reopen.call(output, earlier), '', path);
  for (const name of replaced) if (name !== file) rmSync(join(dir, name), { force: true });
  return opened;
}
