import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { artifactsSink } from '../../sinks/artifacts.ts';
import { csvSink } from '../../sinks/csv.ts';
import { jsonlSink } from '../../sinks/jsonl.ts';
import { tensorboardSink } from '../../sinks/tensorboard.ts';
import type { Media } from '../../src/core/media.ts';
import type { Row, Value } from '../../src/core/record.ts';
import type { KeptRecords } from '../../src/core/resume-point.ts';
import { FanOut } from '../../src/logging/fan-out.ts';
import { COMPLETED, sinkRun } from '../helpers/sink-run.ts';
import { test } from '../helpers/temp-dir.ts';
import { readEvents } from '../helpers/tensorboard-data.ts';

type Logged = Row | { readonly tag: string; readonly step: number; readonly media: Media };

const SINKS = ['csv', 'jsonl', 'tensorboard', 'artifacts'];

interface Attempt {
  readonly number: number;
  /** Where the one before was cut; the checkpoint knows what each sink had by then. */
  readonly kept?: KeptRecords;
  /** How many of the records come before the checkpoint of this attempt. */
  readonly checkpointAt?: number;
  readonly isKilled?: boolean;
}

/** One attempt of a run; returns what its checkpoint would keep. */
async function attempt(
  dir: string,
  records: readonly Logged[],
  { number, kept, checkpointAt = records.length, isKilled = false }: Attempt,
): Promise<KeptRecords> {
  mkdirSync(dir, { recursive: true });
  const resumed = kept === undefined ? {} : { resumedAt: 0 };
  const run = sinkRun(dir, { ...resumed, attempt: number, startedAt: 1_700_000_000 + number });
  const sinks = [csvSink(), jsonlSink(), tensorboardSink(), artifactsSink()];
  const fanOut = new FanOut(sinks, run, kept === undefined ? {} : { kept });
  let counted: KeptRecords | undefined;
  for (const [i, record] of records.entries()) {
    if (i === checkpointAt) counted = fanOut.records();
    if ('media' in record) fanOut.pushMedia({ ...record, wallTime: 1_700_000_000, elapsed: 1 });
    else fanOut.push(record);
  }
  counted ??= fanOut.records();
  if (isKilled) fanOut.flush();
  else await fanOut.close(COMPLETED);
  return counted;
}

function row(step: number, metrics: Readonly<Record<string, Value>>): Row {
  const [tags, values] = [Object.keys(metrics), Object.values(metrics)];
  return { step, wallTime: 1_700_000_000, elapsed: 1, tags, values };
}

function note(tag: string, step: number, text: string): Logged {
  return { tag, step, media: { kind: 'text', text } };
}

function filesOf(dir: string): Record<string, string> {
  const names = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .filter((name) => !name.startsWith('attempts') && !name.includes('tfevents'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(dir, name), 'utf8')]));
}

describe('a run that is resumed from a checkpoint', () => {
  test('keeps exactly the records it had then, though steps repeat and go back', async ({
    dir,
  }) => {
    const first = [row(5, { loss: 1 }), row(2, { loss: 2 }), row(2, { loss: 3 })];
    const kept = await attempt(dir, [...first, row(1, { loss: 4, late: 5 })], {
      number: 1,
      checkpointAt: 3,
      isKilled: true,
    });

    await attempt(dir, [row(3, { loss: 6 })], { number: 2, kept });

    expect(readFileSync(join(dir, 'progress.csv'), 'utf8')).toBe(
      'step,wall_time,elapsed,loss\n' +
        '5,1700000000,1,1\n2,1700000000,1,2\n2,1700000000,1,3\n3,1700000000,1,6\n',
    );
    expect(readFileSync(join(dir, 'metrics.jsonl'), 'utf8').split('\n')).toHaveLength(5);
    expect(kept).toEqual({ csv: 3, jsonl: 3, tensorboard: 3, artifacts: 0 });
  });

  test('has one event file, in which TensorBoard finds one clean curve', async ({ dir }) => {
    const rows = [0, 1, 2, 3].map((step) => row(step, { loss: step, note: 'no scalar' }));
    const words = row(4, { note: 'a row without any' });
    const kept = await attempt(dir, [words, ...rows], { number: 1, checkpointAt: 3 });

    await attempt(dir, [row(2, { loss: 20 }), note('loss', 2, 'later')], { number: 2, kept });

    expect(readdirSync(dir).filter((name) => name.includes('tfevents'))).toHaveLength(1);
    const { loss, 'loss/text': text } = readEvents(dir);
    expect(loss!.events.map(({ step, values }) => [step, values[0]])).toEqual([
      [0, 0],
      [1, 1],
      [2, 20],
    ]);
    expect(text!.events).toHaveLength(1);
  });

  test('moves media that are void to the attempt they are of', async ({ dir }) => {
    const before = [note('eval/text', 1, 'a'), note('eval/text', 1, 'b')];
    const kept = await attempt(dir, [...before, note('eval/text', 1, 'c'), note('x', 9, 'd')], {
      number: 1,
      checkpointAt: 2,
      isKilled: true,
    });

    await attempt(dir, [note('eval/text', 1, 'e')], { number: 2, kept });

    const at = (...parts: string[]): string => readFileSync(join(dir, ...parts), 'utf8');
    expect(at('artifacts/eval/text/1-2.md')).toBe('b');
    expect(at('artifacts/eval/text/1-3.md')).toBe('e');
    expect(existsSync(join(dir, 'artifacts/x/9.md'))).toBe(false);
    expect(at('attempts/1/artifacts/eval/text/1-3.md')).toBe('c');
    expect(at('attempts/1/artifacts/x/9.md')).toBe('d');
  });

  test('can be cut back again after it was killed in the middle of that', async ({ dir }) => {
    const all = [row(0, { a: 1 }), row(1, { a: 2, b: 3 }), note('n', 1, 'x')];
    const kept = await attempt(dir, all, { number: 1, checkpointAt: 1, isKilled: true });
    writeFileSync(join(dir, 'progress.csv.tmp'), 'step,wall');
    writeFileSync(join(dir, 'events.out.tfevents.1700000007.he-run.tmp'), 'half');
    writeFileSync(join(dir, 'metrics.jsonl.tmp'), '{');

    await attempt(dir, [], { number: 2, kept, isKilled: true });
    await attempt(dir, all.slice(1), { number: 3, kept });

    expect(filesOf(dir)).toEqual({
      'progress.csv': 'step,wall_time,elapsed,a,b\n0,1700000000,1,1,\n1,1700000000,1,2,3\n',
      'metrics.jsonl':
        '{"step":0,"wall_time":1700000000,"elapsed":1,"a":1}\n' +
        '{"step":1,"wall_time":1700000000,"elapsed":1,"a":2,"b":3}\n',
      'media.jsonl': '{"step":1,"tag":"n","file":"artifacts/n/1.md"}\n',
      'artifacts/n/1.md': 'x',
    });
    expect(readdirSync(dir).filter((name) => name.includes('tfevents'))).toHaveLength(1);
  });

  test('has the files of one that was never killed, wherever that happened', async ({ dir }) => {
    const value = fc.oneof(fc.double(), fc.constantFrom<Value>('a,"b"\n', true, 7n));
    const logged = fc.record({
      step: fc.nat(4),
      metrics: fc.dictionary(fc.constantFrom('a', 'b', 'c, "d"'), value, { minKeys: 1 }),
      isMedia: fc.boolean(),
    });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(logged, { minLength: 1, maxLength: 8 }),
        fc.nat(8),
        fc.nat(8),
        async (all, cut, more) => {
          const records = all.map(({ step, metrics, isMedia }) =>
            isMedia ? note('n', step, 'text') : row(step, metrics),
          );
          const [whole, parts] = [join(dir, `${count++}`), join(dir, `${count++}`)];
          await attempt(whole, records, { number: 1 });

          const at = Math.min(cut, records.length);
          const first = { number: 1, checkpointAt: at, isKilled: true };
          const kept = await attempt(parts, records.slice(0, at + more), first);
          await attempt(parts, records.slice(at), { number: 2, kept });

          expect(filesOf(parts)).toEqual(filesOf(whole));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('counts the records of every sink that has some', async ({ dir }) => {
    const kept = await attempt(dir, [row(0, { a: 1 }), note('n', 0, 'x')], { number: 1 });

    expect(Object.keys(kept)).toEqual(SINKS);
  });
});
