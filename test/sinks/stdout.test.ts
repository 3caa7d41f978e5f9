import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { stdoutSink } from '../../sinks/stdout.ts';
import type { Row, Value } from '../../src/core/record.ts';
import type { SinkRun, StreamOutput } from '../../src/core/sink.ts';
import { textWidth } from '../../src/formats/text-width.ts';
import { logger, openRun, type StdoutOptions } from '../../src/index.ts';
import { manifestOf } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

/** A table whose every write can be looked at. */
function table(options: StdoutOptions = {}, columns?: number, run: Partial<SinkRun> = {}) {
  let text = '';
  const terminal = columns === undefined ? {} : { isTTY: true, columns };
  const stream = { write: (more: string) => (text += more), ...terminal };
  const output = stdoutSink({ stream, ...options }).open(run as SinkRun) as StreamOutput;
  return {
    show: (...rows: Row[]) => void output.write(rows),
    end: () => void output.close?.({ status: 'completed', endedAt: 0, summary: {} }),
    lines: () => text.split('\n').slice(0, -1),
  };
}

function row(step: number, metrics: Record<string, Value>): Row {
  const [tags, values] = [Object.keys(metrics), Object.values(metrics)];
  return { step, wallTime: 0, elapsed: step / 10, tags, values };
}

describe('the table in a terminal', () => {
  test('is one line where that fits, with the change since the last one', () => {
    const { show, lines } = table({ everyMs: 0 }, 80);

    show(row(0, { loss: 0.5, lr: 0.001 }), row(10, { loss: 0.375, lr: 0.001 }));

    expect(lines()).toEqual([
      'step 0  0.0 s   loss 0.5  lr 0.001',
      'step 10  1.0 s   loss 0.375 ↓0.13  lr 0.001',
    ]);
  });

  test('is a block of groups otherwise, its cells in columns', () => {
    const { show, lines } = table({ everyMs: 0 }, 60);
    const metrics = { epoch: 3, 'train/loss': 1 / 3, 'train/grad_norm': 12.3456 };

    show(row(1200, { ...metrics, 'eval/loss': 2, 'eval/return/mean': -1.5, 'eval/done': true }));

    expect(lines()).toEqual([
      '── step 1200 ─────────────────────── 2 m 0 s ──',
      '               epoch       3',
      '  train        loss   0.3333   grad_norm  12.35',
      '  eval         loss        2   done        true',
      '  eval/return  mean     -1.5',
    ]);
  });

  test('keeps names with control characters on one line, as plain lines do', () => {
    const metrics = { 'a\nb/c\u001b[2J': 1 };
    const [shown, plain] = [table({ everyMs: 0 }, 80), table({ everyMs: 0 })];

    for (const { show } of [shown, plain]) show(row(0, metrics));

    expect(shown.lines()).toEqual(['step 0  0.0 s   a\\nb  c\\u001b[2J 1']);
    expect(plain.lines()).toEqual(['step 0  0.0 s  a\\nb/c\\u001b[2J 1']);
  });

  test('is never wider than the terminal', () => {
    const tag = fc.stringMatching(/^[a-zé漢]{1,70}(\/[a-z_]{1,30}){0,3}$/);
    const value = fc.oneof(fc.double(), fc.integer(), fc.string(), fc.boolean(), fc.bigInt());
    const metrics = fc.dictionary(tag, value, { minKeys: 1, maxKeys: 70 });
    fc.assert(
      fc.property(fc.integer({ min: 30, max: 200 }), metrics, metrics, (columns, a, b) => {
        const { show, lines } = table({ everyMs: 0 }, columns);

        show(row(1, a), row(2, { ...a, ...b }), row(3, b));

        for (const line of lines()) expect(textWidth(line)).toBeLessThanOrEqual(columns);
      }),
      { numRuns: 100 },
    );
  });

  test('goes without changes where there is no room for them', () => {
    const { show, lines } = table({ everyMs: 0 }, 34);

    show(row(1, { 'train/loss': 0.1234, 'train/gradient': 0.000001234 }));
    show(row(2, { 'train/loss': 0.1111, 'train/gradient': 0.000000234 }));

    expect(lines().slice(-2)).toEqual([
      '  train  loss           0.1111',
      '         gradient      2.34e-7',
    ]);
  });

  test('shows every metric, also where names differ only in what is cut', () => {
    const { show, lines } = table({ everyMs: 0 }, 60);
    const name = 'the_norm_of_the_gradient_of_the_weights_of_a_layer';

    show(row(0, { [`${name}_1_of_the_network`]: 1, [`${name}_2_of_the_network`]: 2 }));

    expect(lines().filter((line) => line.includes('the_norm'))).toHaveLength(2);
  });

  test('says nothing of a change that the shown digits do not show', () => {
    const { show, lines } = table({ everyMs: 0 }, 80);

    show(row(0, { loss: 0.123456 }), row(1, { loss: 0.123457 }));

    expect(lines()[1]).toBe('step 1  0.1 s   loss 0.1235');
  });

  test('takes changes from the last value shown, of whatever row', () => {
    const { show, lines } = table({ everyMs: 0 }, 80);

    show(row(0, { a: 1 }), row(1, { b: 5 }), row(2, { a: 4 }));

    expect(lines()[2]).toBe('step 2  0.2 s   a 4 ↑3');
  });

  test('has no colours where NO_COLOR is set', () => {
    const { show, lines } = table({ everyMs: 0 }, 80);

    show(row(0, { loss: Number.NaN }));

    expect(lines()).toEqual(lines().map(stripVTControlCharacters));
  });
});

describe('where no terminal shows it', () => {
  test('every row is one plain line with full tags', () => {
    const { show, lines } = table({ everyMs: 0 });

    show(row(7, { lr: 0.1, 'train/loss': 1 / 3, 'train/done': true, note: 'two\nlines' }));

    expect(lines()).toEqual([
      'step 7  0.7 s  lr 0.1  train/loss 0.3333  train/done true  note two\\nlines',
    ]);
  });

  test('every kind of value has its spelling, a date that is none among them', async ({ dir }) => {
    let text = '';
    const stream = { write: (more: string) => (text += more) };
    const run = await openRun({ name: 't', root: dir, sinks: [stdoutSink({ stream })] }, () =>
      logger.log({ at: new Date(Number.NaN), big: 2n ** 70n, gone: Number.NaN, far: -Infinity }),
    );

    expect(text).toMatch(/^step 0 .*at nan  big 1180591620717411303424  gone nan  far -inf\n$/);
    expect(manifestOf(run.dir)).not.toHaveProperty('degraded');
  });
});

describe('rows that come fast', () => {
  test('are shown with the newest value of every metric, and of which step it is', () => {
    const { show, end, lines } = table({ everyMs: 60_000 });

    show(row(0, { loss: 1 }));
    show(row(1, { loss: 0.9 }), row(1, { accuracy: 0.5 }));
    for (let step = 2; step < 5000; step++) show(row(step, { loss: 1 / (step + 1) }));
    end();

    expect(lines()).toEqual([
      'step 0  0.0 s  loss 1',
      'step 4999  8 m 19 s  loss 0.0002  accuracy 0.5 @1',
    ]);
  });

  test('leave nothing to say at the end when the last was shown', () => {
    const { show, end, lines } = table({ everyMs: 0 });

    show(row(0, { loss: 1 }));
    end();

    expect(lines()).toHaveLength(1);
  });
});

test('metrics of the machine are left to the files', () => {
  const { show, end, lines } = table({ everyMs: 0 });

  show(row(3, { 'system/cpu_percent': 99 }), row(3, { loss: 1 }));
  end();

  expect(lines()).toEqual(['step 3  0.3 s  loss 1']);
});

test('quiet, it prints nothing', () => {
  const { show, end, lines } = table({ everyMs: 0, quiet: true });

  show(row(0, { loss: 1 }));
  end();

  expect(lines()).toEqual([]);
});
