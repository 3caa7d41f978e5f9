import { appendFileSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { journal, readJournal } from '../../src/store/sweep-journal.ts';
import { test } from '../helpers/temp-dir.ts';

describe('the journal of a sweep', () => {
  test('gives back what was written, with its times', ({ dir }) => {
    journal(dir, { event: 'started', run: 'one', attempt: 1, slot: 0 });
    journal(dir, { event: 'ended', run: 'one', attempt: 1, status: 'completed' });

    const time = expect.stringMatching(/^\d{4}-.*Z$/) as string;
    expect(readJournal(dir)).toEqual([
      { time, event: 'started', run: 'one', attempt: 1, slot: 0 },
      { time, event: 'ended', run: 'one', attempt: 1, status: 'completed' },
    ]);
  });

  test('is empty where no run has started', ({ dir }) => {
    expect(readJournal(dir)).toEqual([]);
  });

  test('lacks a torn last line, wherever it was torn, and takes the next one whole', ({ dir }) => {
    const path = join(dir, 'journal.jsonl');
    journal(dir, { event: 'started', run: 'one', attempt: 1, slot: 0 });
    const whole = readFileSync(path, 'utf8').length;
    journal(dir, { event: 'ended', run: 'one', attempt: 1, status: 'completed' });
    const { length } = readFileSync(path, 'utf8');

    // Without its break alone, the line is whole.
    for (let at = length - 2; at > whole; at--) {
      truncateSync(path, at);
      expect(readJournal(dir).map(({ event }) => event)).toEqual(['started']);
    }
    journal(dir, { event: 'finished', status: 'done' });

    expect(readJournal(dir).map(({ event }) => event)).toEqual(['started', 'finished']);
  });

  test('leaves out what is no entry', ({ dir }) => {
    appendFileSync(join(dir, 'journal.jsonl'), 'null\n[]\n{"event":"finished"}\n\0\0\0\n');

    expect(readJournal(dir)).toEqual([{ event: 'finished' }]);
  });
});
