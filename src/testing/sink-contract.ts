import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaRecord } from '../core/media.ts';
import type { Row, Value } from '../core/record.ts';
import type { FileOutput, Sink, SinkRun } from '../core/sink.ts';
import type { RunStatus } from '../core/status.ts';
import { FanOut } from '../logging/fan-out.ts';
import { EVERY_VALUE, mediaAt, ODD_TAGS, row, runIn } from './contract-data.ts';

/** One case of the contract: a statement about a sink, and what proves it. */
export interface SinkCase {
  readonly name: string;
  /** Rejects with an `AssertionError` where the statement does not hold. */
  readonly run: () => Promise<void>;
}

/** A row as it was read back from what a sink has written. */
export interface ReadRow {
  readonly step: number;
  readonly metrics: ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>>;
}

/** How the contract looks into what a sink has written. */
export interface SinkContractOptions<S extends Sink> {
  /**
   * Reads back what the sink has written for the run in this directory. With it the contract says
   * that no row is lost, doubled or changed; without it, only that the sink takes everything.
   */
  readonly read?: (sink: S, run: SinkRun) => readonly ReadRow[] | Promise<readonly ReadRow[]>;
  /**
   * What a logged value is read back as; `undefined` for values that the sink does not keep. By
   * default each is read back as it was logged.
   */
  readonly spell?: (value: Value) => unknown;
}

/** What of `node:test` or vitest the contract needs. */
export type TestFunction = (name: string, run: () => Promise<void>) => unknown;

/**
 * The contract that every sink keeps, as one test for each of its cases. Any test runner whose
 * `test` takes a name and a function will do: that of `node:test`, vitest, jest.
 * @param makeSink makes a new sink for each case.
 */
export function testSink<S extends Sink>(
  name: string,
  makeSink: () => S,
  options: SinkContractOptions<S> & { readonly test: TestFunction },
): void {
  for (const one of sinkCases(makeSink, options)) options.test(`${name} ${one.name}`, one.run);
}

/** The cases of {@link testSink}, for a test runner of another kind. */
export function sinkCases<S extends Sink>(
  makeSink: () => S,
  options: SinkContractOptions<S> = {},
): SinkCase[] {
  const takes = (name: string, log: readonly Logged[], status?: RunStatus): SinkCase => ({
    name,
    run: () => inDir((dir) => checkTaken(makeSink(), runIn(dir), log, { ...options, status })),
  });
  const byValue = EVERY_VALUE.map((value, i) => row(i, [[`value_${i}`, value]]));
  const byName = [
    row(
      0,
      ODD_TAGS.map((tag, i) => [tag, i]),
    ),
  ];
  const late = Array.from({ length: 40 }, (_, i) =>
    row(i, [[`from_${i}`, i], ...(i % 2 === 0 ? ([['even', i]] as const) : [])]),
  );
  const long = Array.from({ length: 5_000 }, (_, i) =>
    row(i, [
      ['x', i],
      ['y', Math.sin(i)],
    ]),
  );
  const wide = [
    row(
      0,
      Array.from({ length: 1_000 }, (_, i) => [`column_${i}`, i]),
    ),
  ];
  const steps = [5, 6, 6, -3, 0, 1e12].map((step) => row(step, [['x', step]]));
  return [
    { name: 'has a name that a flag can spell', run: async () => checkName(makeSink()) },
    takes('takes every kind of value', byValue),
    takes('takes any name', byName),
    takes('takes metrics that come late, and rows without the others', late),
    takes('takes thousands of rows', long),
    takes('takes a row of a thousand metrics', wide),
    takes('takes steps that repeat or go back', steps),
    takes('takes a row without metrics', [row(0, [['x', 1]]), row(1, []), row(2, [['x', 2]])]),
    takes('takes media of every kind, or leaves them alone', [
      row(0, [['x', 1]]),
      ...mediaAt(0),
      row(1, [['x', 2]]),
      ...mediaAt(1),
    ]),
    takes('ends without a row', []),
    takes('ends with a run that failed', [row(0, [['x', 1]])], 'failed'),
    { name: 'encodes rows at once', run: async () => checkSynchronous(makeSink()) },
    { name: 'is the same for every run', run: async () => checkFresh(makeSink) },
  ];
}

type Logged = Row | MediaRecord;

async function inDir(work: (dir: string) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'exptools-contract-'));
  try {
    await work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Hands a run to a sink as the logger does, in batches of several sizes; all must arrive. */
async function checkTaken<S extends Sink>(
  sink: S,
  run: SinkRun,
  log: readonly Logged[],
  {
    read,
    spell = (value) => value,
    status = 'completed',
  }: SinkContractOptions<S> & { status?: RunStatus | undefined },
): Promise<void> {
  const fanOut = new FanOut([sink], run);
  log.forEach((record, i) => {
    if (isRow(record)) fanOut.push(record);
    else fanOut.pushMedia(record);
    if (i < 10 || (i < 2_000 && i % 7 === 0)) fanOut.flush();
  });
  const rows = log.filter(isRow);
  const summary = Object.fromEntries(
    rows.flatMap(({ tags, values }) => tags.map((tag, i) => [tag, values[i]!] as const)),
  );
  await fanOut.close({ status, endedAt: run.startedAt + 60, summary });
  assert.deepEqual(fanOut.degraded, [], 'the sink did not take everything');
  if (read === undefined) return;
  const found = (await read(sink, run)).map(({ step, metrics }) => ({
    step,
    metrics: metrics instanceof Map ? metrics : new Map(Object.entries(metrics)),
  }));
  const expected = rows.map(({ step, tags, values }) => ({
    step,
    metrics: new Map(
      tags
        .map((tag, i) => [tag, spell(values[i]!)] as const)
        .filter(([, value]) => value !== undefined),
    ),
  }));
  assert.deepEqual(found.filter(isKept), expected.filter(isKept));
}

/** A row of which a sink keeps nothing may be one that it does not keep. */
function isKept({ metrics }: { readonly metrics: ReadonlyMap<string, unknown> }): boolean {
  return metrics.size > 0;
}

function isRow(record: Logged): record is Row {
  return 'tags' in record;
}

function checkName({ name }: Sink): void {
  assert.match(name, /^[\w.-]+$/, `a sink is named by letters, digits, dots, dashes: "${name}"`);
  assert.notEqual(name, 'none', '"none" stands for no sinks at all');
}

function checkSynchronous(sink: Sink): Promise<void> {
  return inDir(async (dir) => {
    const output = sink.open(runIn(dir));
    if (!('file' in output)) return;
    const { append } = output.encode([row(0, [['x', 1]])]);
    assert.ok(typeof append === 'string' || append instanceof Uint8Array, 'encode returns bytes');
    for (const record of mediaAt(0)) {
      const bytes: unknown = output.encodeMedia?.(record);
      const isBytes = typeof bytes === 'string' || bytes instanceof Uint8Array;
      assert.ok(bytes === undefined || isBytes, 'encodeMedia returns bytes or nothing');
    }
  });
}

/** One sink may serve many runs, also at a time: none of them may show in the file of another. */
function checkFresh(makeSink: () => Sink): Promise<void> {
  return inDir(async (dir) => {
    const late = [row(0, [['x', 1]]), row(1, [['y', 2]])];
    const used = makeSink();
    const other = runIn(join(dir, 'other'));
    mkdirSync(other.dir);
    const busy = new FanOut([used], other);
    busy.push(row(0, [['of another run', 1]]));
    busy.flush();
    const [again, fresh] = [runIn(join(dir, 'again')), runIn(join(dir, 'fresh'))];
    for (const { dir: own } of [again, fresh]) mkdirSync(own);
    const file = fileOf(makeSink(), runIn(dir));
    await checkTaken(used, again, late, {});
    await checkTaken(makeSink(), fresh, late, {});
    await busy.close({ status: 'completed', endedAt: other.startedAt, summary: {} });
    assert.deepEqual(busy.degraded, []);
    if (file === undefined) return;
    assert.deepEqual(readFileSync(join(again.dir, file)), readFileSync(join(fresh.dir, file)));
  });
}

function fileOf(sink: Sink, run: SinkRun): FileOutput['file'] | undefined {
  const output = sink.open(run);
  return 'file' in output ? output.file : undefined;
}
