import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { artifactsSink } from '../../sinks/artifacts.ts';
import { csvSink } from '../../sinks/csv.ts';
import { jsonlSink } from '../../sinks/jsonl.ts';
import { stdoutSink } from '../../sinks/stdout.ts';
import { tensorboardSink } from '../../sinks/tensorboard.ts';
import { RUN_FILES } from '../../src/core/layout.ts';
import type { Row, Value } from '../../src/core/record.ts';
import type { FileOutput, Sink, SinkRun } from '../../src/core/sink.ts';
import { memorySink, sinkCases, testSink, type ReadRow } from '../../src/testing.ts';

const ROW_COLUMNS = ['step', 'wall_time', 'elapsed'];

function readCsv(_sink: Sink, { dir }: SinkRun): ReadRow[] {
  const text = fileOrNothing(join(dir, RUN_FILES.progress));
  const [header = [], ...records] = parse(text, { relax_quotes: false });
  return records.map((cells) => ({
    step: Number(cells[0]),
    metrics: new Map(
      header.flatMap((tag, i) =>
        i < ROW_COLUMNS.length || cells[i] === '' ? [] : [[tag, cells[i]]],
      ),
    ),
  }));
}

/** An empty text and no value look alike in a CSV. */
function csvSpelling(value: Value): string | undefined {
  if (value === '') return undefined;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'nan' : value.toISOString();
  if (Object.is(value, -0)) return '-0';
  return String(value).replace('NaN', 'nan').replace('Infinity', 'inf');
}

interface ReadLine {
  readonly step: number;
  readonly wall_time: number;
  readonly elapsed: number;
}

function readJsonl(_sink: Sink, { dir }: SinkRun): ReadRow[] {
  const lines = fileOrNothing(join(dir, RUN_FILES.metrics)).split('\n').slice(0, -1);
  return lines.map((line) => {
    const { step, wall_time: _, elapsed: __, ...metrics } = JSON.parse(line) as ReadLine;
    return { step, metrics };
  });
}

function jsonSpelling(value: Value): unknown {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value);
  return typeof value === 'string' || typeof value === 'boolean' ? value : csvSpelling(value);
}

function fileOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

describe('the sink contract holds: ', () => {
  testSink('csv', csvSink, { test, read: readCsv, spell: csvSpelling });
  testSink('jsonl', jsonlSink, { test, read: readJsonl, spell: jsonSpelling });
  testSink('tensorboard', tensorboardSink, { test });
  testSink('artifacts', artifactsSink, { test });
  testSink('stdout', () => stdoutSink({ stream: { write() {} }, everyMs: 0 }), { test });
  testSink('stdout in a terminal', () => stdoutSink({ stream: { write() {}, isTTY: true } }), {
    test,
  });
  testSink('memory', memorySink, {
    test,
    read: ({ rows }) =>
      rows.map(({ step, tags, values }) => ({
        step,
        metrics: new Map(tags.map((tag, i) => [tag, values[i]])),
      })),
  });
});

/** The cases that do not hold for a sink. */
async function broken(makeSink: () => Sink): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of sinkCases(makeSink, { read: readJsonl, spell: jsonSpelling })) {
    await run().catch(() => failed.push(name));
  }
  return failed;
}

describe('the sink contract finds a sink that', () => {
  const { open } = jsonlSink();
  const changed = (change: (output: FileOutput) => Partial<FileOutput>): Sink => ({
    name: 'changed',
    open: (run) => {
      const output = open(run) as FileOutput;
      return { ...output, ...change(output) };
    },
  });

  test('loses rows', async () => {
    const lossy = (): Sink =>
      changed(({ encode }) => ({ encode: (rows) => encode(rows.slice(0, 1_000)) }));

    expect(await broken(lossy)).toEqual(['takes thousands of rows']);
  });

  test('cannot take a value', async () => {
    const picky = (): Sink =>
      changed(({ encode }) => ({
        encode: (rows) => ({ append: (JSON.stringify(rows), encode(rows).append) }),
      }));

    expect(await broken(picky)).toEqual(['takes every kind of value']);
  });

  test('remembers other runs', async () => {
    const sharing = (): Sink => {
      const seen = new Set<string>();
      return changed(() => ({
        encode: (rows) => {
          for (const { tags } of rows) for (const tag of tags) seen.add(tag);
          return {
            append: rows.map(({ step }) => `{"step":${step},"seen":${seen.size}}\n`).join(''),
          };
        },
      }));
    };

    expect(await broken(sharing)).toContain('is the same for every run');
  });

  test('takes its time to encode', async () => {
    const slow = (): Sink =>
      changed(({ encode }) => ({
        encode: (async (rows: readonly Row[]) => encode(rows)) as unknown as typeof encode,
      }));

    expect(await broken(slow)).toContain('encodes rows at once');
  });
});
