import { mkdirSync } from 'node:fs';
import { describe, expect, inject } from 'vitest';
import { openOutput } from '../../src/logging/open-output.ts';
import type { Row } from '../../src/core/record.ts';
import type { FileOutput, SinkRun } from '../../src/core/sink.ts';
import { logger, openRun, tensorboardSink, type Sink } from '../../src/index.ts';
import { rowOf, sinkRun } from '../helpers/sink-run.ts';
import { test as base } from '../helpers/temp-dir.ts';
import { readEvents } from '../helpers/tensorboard-data.ts';

const missing = inject('missingTools')['tensorboard'];
const test = base.skipIf(missing !== undefined);

/** Logs in a run with this sink alone, and reads its event files. */
async function eventsOf(
  root: string,
  work: () => unknown,
  config: object = {},
  sink: Sink = tensorboardSink(),
): Promise<ReturnType<typeof readEvents>> {
  const objective = { metric: 'score', direction: 'maximize' } as const;
  const options = { name: 'events', root, config, objective, sinks: [sink] };
  const { dir } = await openRun(options, async (run) => {
    run.result = await work();
  });
  return readEvents(dir);
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe("TensorBoard's own reader finds", () => {
  test('every kind of media with its plugin, step and values', async ({ dir }) => {
    const events = await eventsOf(dir, () => {
      logger.log({ loss: 1 }, { step: 3 });
      logger.histogram('h', [0, 1, 1, 2], { buckets: 2 });
      logger.image('i', [[0, 1]]);
      logger.video('v', [[[0]], [[1]]]);
      logger.audio('a', [0], { sampleRate: 8000 });
      logger.text('t', 'größe');
      logger.table('b', [{ x: 1 }]);
    });

    const found = Object.entries(events).map(
      ([
        tag,
        {
          plugin,
          events: [event],
        },
      ]) => [tag, [plugin, event!.step, event!.shape]],
    );
    expect(Object.fromEntries(found)).toEqual({
      loss: ['scalars', 3, []],
      h: ['histograms', 3, [2, 3]],
      i: ['images', 3, [3]],
      v: ['images', 3, [3]],
      a: ['audio', 3, [1]], // the reader leaves the labels out
      t: ['text', 3, []],
      b: ['text', 3, []],
      '_hparams_/session_start_info': ['hparams', 0, [0]],
      '_hparams_/session_end_info': ['hparams', 0, [0]],
    });
    expect(events['h']!.events[0]!.values).toEqual([0, 1, 1, 1, 2, 3]);
    expect(events['i']!.events[0]!.values.slice(0, 2)).toEqual([base64('2'), base64('1')]);
    expect(events['t']!.events[0]!.values).toEqual([base64('größe')]);
    expect(events['b']!.events[0]!.values).toEqual([base64('| x |\n| ---: |\n| 1 |\n')]);
  });

  test('an empty histogram without buckets', async ({ dir }) => {
    const events = await eventsOf(dir, () => logger.histogram('h', []));

    expect(events['h']!.events[0]!.shape).toEqual([0, 3]);
  });

  test('the config as text, where there is one', async ({ dir }) => {
    const events = await eventsOf(dir, () => {}, { lr: Infinity });

    expect(events['config']!.events[0]!.values).toEqual([
      base64('```json\n{\n  "lr": "inf"\n}\n```\n'),
    ]);
  });

  test('two kinds under one tag, the later beside it', async ({ dir }) => {
    const events = await eventsOf(
      dir,
      () => {
        logger.log({ w: 1 });
        logger.histogram('w', [1]);
        logger.text('n', 'x');
        logger.log({ n: 2, config: 5 });
      },
      { lr: 1 },
    );

    const plugins = Object.entries(events).map(([tag, { plugin }]) => [tag, plugin]);
    expect(Object.fromEntries(plugins)).toMatchObject({
      w: 'scalars',
      'w/histograms': 'histograms',
      n: 'text',
      'n/scalars': 'scalars',
      config: 'text',
      'config/scalars': 'scalars',
    });
  });

  test('the objective as a scalar, where only the result has it', async ({ dir }) => {
    const [inResult, inBoth] = [
      await eventsOf(dir, () => {
        logger.log({ loss: 1 }, { step: 8 });
        return { score: 0.5 };
      }),
      await eventsOf(dir, () => {
        logger.log({ score: 0.25 }, { step: 8 });
        return { score: 0.5 };
      }),
    ];

    const points = [inResult, inBoth].map((events) =>
      events['score']!.events.map(({ step, values }) => [step, values[0]]),
    );
    expect(points).toEqual([[[8, 0.5]], [[8, 0.25]]]);
  });

  test('the experiment, if asked for', async ({ dir }) => {
    const described = tensorboardSink({ describeExperiment: true });

    const [plain, asked, withoutRows] = [
      await eventsOf(dir, () => logger.log({ loss: 1 }), { lr: 1 }),
      await eventsOf(dir, () => logger.log({ loss: 1 }), { lr: 1 }, described),
      await eventsOf(dir, () => {}, { lr: 1 }, described),
    ];

    expect(plain['_hparams_/experiment']).toBeUndefined();
    expect(asked['_hparams_/experiment']!.events).toHaveLength(1);
    expect(withoutRows['_hparams_/experiment']!.events).toHaveLength(1);
  });
});

test('the description of the experiment leaves out what the machine does', ({ dir }) => {
  const output = tensorboardSink({ describeExperiment: true }).open(sinkRun(dir)) as FileOutput;

  const { append } = output.encode([rowOf(0, { 'system/cpu_percent': 3, loss: 1 })]);

  const text = Buffer.from(append as Uint8Array).toString('latin1');
  // Once as a scalar, and once more as a metric.
  expect([text.split('loss').length - 1, text.split('system/').length - 1]).toEqual([2, 1]);
});

describe('an attempt that goes on', () => {
  test('voids what the earlier one has from its step on', ({ dir }) => {
    attempt(dir, 1000, undefined, { loss: [0, 1, 2, 3, 4, 5], rare: [1, 5] });
    attempt(dir, 2000, 3, { loss: [3, 4] });

    const events = readEvents(dir);
    const points = ['loss', 'rare'].map((tag) =>
      events[tag]!.events.map(({ step, values }) => [step, values[0]]),
    );
    expect(points).toEqual([
      [
        [0, 1000],
        [1, 1000],
        [2, 1000],
        [3, 2000],
        [4, 2000],
      ],
      [[1, 1000]],
    ]);
    expect(events['config']!.events.map(({ step }) => step)).toEqual([0]);
  });
});

/** Writes the event file of one attempt; the values say which. */
function attempt(
  dir: string,
  startedAt: number,
  resumedAt: number | undefined,
  steps: Record<string, number[]>,
): void {
  const run: SinkRun = {
    id: 'abcdef',
    experiment: 'resumed',
    dir,
    startedAt,
    config: { lr: 1 },
    parameters: [{ key: 'lr', value: 1 }],
    ...(resumedAt !== undefined && { resumedAt }),
  };
  mkdirSync(dir, { recursive: true });
  const output = tensorboardSink().open(run) as FileOutput;
  const rows = Object.entries(steps)
    .flatMap(([tag, all]) =>
      all.map((step): Row => {
        const wallTime = startedAt + step;
        return { step, wallTime, elapsed: 0, tags: [tag], values: [startedAt] };
      }),
    )
    .sort((a, b) => a.step - b.step);
  const file = openOutput(output, run);
  file.append(output.encode(rows).append);
  file.close();
}
