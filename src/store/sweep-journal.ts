import { closeSync, fstatSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../core/errors.ts';
import { isPlainObject } from '../core/json.ts';
import { SWEEP_FILES } from '../core/layout.ts';
import type { ProcessIdentity } from '../core/manifest.ts';

/** One line of `journal.jsonl`. */
export type JournalEntry =
  | {
      readonly event: 'started';
      readonly run: string;
      /** Counted from 1. */
      readonly attempt: number;
      readonly slot: number;
    }
  | {
      readonly event: 'ended';
      readonly run: string;
      readonly attempt: number;
      readonly status: string;
      readonly reason?: string;
    }
  | {
      readonly event: 'retry';
      readonly run: string;
      /** The attempt to come. */
      readonly attempt: number;
      /** Why there is one. */
      readonly reason: string;
      /** Seconds until it starts, at the earliest. */
      readonly delay: number;
    }
  | { readonly event: 'resumed'; readonly launcher: ProcessIdentity; readonly runs: number }
  | { readonly event: 'extended'; readonly runs: readonly string[] }
  /** Files of the experiment that are no longer as they were when the sweep was planned. */
  | { readonly event: 'changed'; readonly files: readonly string[] }
  | { readonly event: 'finished'; readonly status: 'done' | 'failed' | 'interrupted' };

/** A line as it is read; its time is ISO 8601, UTC. */
export type JournalLine = JournalEntry & { readonly time: string };

/**
 * Appends to the journal, one line with its time. A line that cannot be written costs the journal
 * that line and nothing else: the runs know their own ends.
 */
export function journal(dir: string, entry: JournalEntry): void {
  const path = join(dir, SWEEP_FILES.journal);
  const line = JSON.stringify({ time: new Date().toISOString(), ...entry });
  try {
    append(path, `${line}\n`);
  } catch (error) {
    process.stderr.write(`exptools: ${path} lacks a line: ${messageOf(error)}\n`);
  }
}

/** All lines of the journal; those that a crash or a full disk has torn are left out. */
export function readJournal(dir: string): JournalLine[] {
  let text: string;
  try {
    text = readFileSync(join(dir, SWEEP_FILES.journal), 'utf8');
  } catch {
    // a sweep whose launcher ended before the first run
    return [];
  }
  return text.split('\n').flatMap((line): JournalLine[] => {
    try {
      const entry: unknown = JSON.parse(line);
      return isPlainObject(entry) && 'event' in entry ? [entry as unknown as JournalLine] : [];
    } catch {
      return [];
    }
  });
}

/** Appends a line; one that a crash has left without an end does not become part of it. */
function append(path: string, line: string): void {
  const fd = openSync(path, 'a+');
  try {
    const { size } = fstatSync(fd);
    const last = Buffer.from('\n');
    if (size > 0) readSync(fd, last, 0, 1, size - 1);
    writeFileSync(fd, last.toString() === '\n' ? line : `\n${line}`);
  } finally {
    closeSync(fd);
  }
}
