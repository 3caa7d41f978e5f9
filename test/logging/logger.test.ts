import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, vi } from 'vitest';
import { captured, inject, logger, openRun, type Logger } from '../../src/index.ts';
import { memorySink } from '../../src/testing.ts';
import { test } from '../helpers/temp-dir.ts';

/** Runs `work` in a run and returns what it logged. */
async function logged(root: string, work: () => unknown): Promise<Record<string, unknown>[]> {
  const sink = memorySink();
  {
    await using _run = await openRun({ name: 'logging', root, sinks: [sink] });
    await work();
  }
  return sink.table();
}

describe('logger.log', () => {
  test('writes one row a call, numbered from 0 and on from explicit steps', async ({ dir }) => {
    const rows = await logged(dir, () => {
      logger.log({ loss: 1 });
      logger.log({ loss: 0.5 }, { step: 10 });
      logger.log({ loss: 0.4 });
    });

    expect(rows).toEqual([
      { step: 0, loss: 1 },
      { step: 10, loss: 0.5 },
      { step: 11, loss: 0.4 },
    ]);
  });

  test('never merges two rows of one step', async ({ dir }) => {
    const rows = await logged(dir, () => {
      logger.log({ a: 1 }, { step: 3 });
      logger.log({ b: 2 }, { step: 3 });
    });

    expect(rows).toEqual([
      { step: 3, a: 1 },
      { step: 3, b: 2 },
    ]);
  });

  test('leaves null and undefined out, and keeps NaN, text, flags and dates', async ({ dir }) => {
    const at = new Date(0);
    const rows = await logged(dir, () => {
      logger.log({ a: null, b: undefined, c: Number.NaN, d: 'x', e: true, f: at, g: 2n });
    });

    expect(rows).toEqual([{ step: 0, c: Number.NaN, d: 'x', e: true, f: at, g: 2n }]);
  });

  test.for([
    { title: 'a step that is no whole number', call: () => logger.log({ a: 1 }, { step: 0.5 }) },
    { title: 'a step that is NaN', call: () => logger.log({ a: 1 }, { step: Number.NaN }) },
    { title: 'an object for a value', call: () => logger.log({ a: {} as never }) },
    { title: 'an empty name', call: () => logger.log({ '': 1 }) },
    { title: 'the name of a column every row has', call: () => logger.log({ wall_time: 1 }) },
  ])('refuses $title', async ({ call }, { dir }) => {
    await logged(dir, () => {
      expect(call).toThrow(expect.objectContaining({ code: 'EXP_LOG' }));
    });
  });
});

describe('logger.record and dump', () => {
  test('make one row of what was recorded, across prefixes', async ({ dir }) => {
    const rows = await logged(dir, () => {
      logger.prefix('train', () => logger.record('loss', 1));
      logger.prefix('eval', () => logger.record('loss', 2));
      logger.dump({ step: 5 });
    });

    expect(rows).toEqual([{ step: 5, 'train/loss': 1, 'eval/loss': 2 }]);
  });

  test('write a pending row at the end of the run, and nothing when there is none', async ({
    dir,
  }) => {
    const rows = await logged(dir, () => {
      logger.dump();
      logger.record('loss', 1);
    });

    expect(rows).toEqual([{ step: 0, loss: 1 }]);
  });

  test('let the last of two values for one tag count', async ({ dir }) => {
    const rows = await logged(dir, () => {
      logger.record('loss', 1);
      logger.record('loss', 2);
    });

    expect(rows).toEqual([{ step: 0, loss: 2 }]);
  });
});

describe('logger.prefix with a block', () => {
  test('nests outermost first and ends with the block, also by an exception', async ({ dir }) => {
    const rows = await logged(dir, () => {
      const failing = (): unknown =>
        logger.prefix('outer', () =>
          logger.prefix('inner', () => {
            logger.log({ a: 1 });
            throw new Error('left');
          }),
        );
      expect(failing).toThrow('left');
      logger.log({ b: 2 });
    });

    expect(rows).toEqual([
      { step: 0, 'outer/inner/a': 1 },
      { step: 1, b: 2 },
    ]);
  });

  test('keeps a thousand concurrent tasks apart', async ({ dir }) => {
    const rows = await logged(dir, () =>
      Promise.all(
        Array.from({ length: 1000 }, (_, task) =>
          logger.prefix(`t${task}`, async () => {
            for (let i = 0; i < 3; i++) {
              await turn();
              logger.log({ task });
            }
          }),
        ),
      ),
    );

    expect(rows).toHaveLength(3000);
    for (const { step: _, ...row } of rows) {
      const [[tag, task]] = Object.entries(row) as [[string, unknown]];
      expect(tag).toBe(`t${String(task)}/task`);
    }
  });
});

describe('the logger of a captured function', () => {
  const work = captured({ name: 'fit', names: ['logger'] }, (own: Logger = inject()) => {
    own.record('own', 1);
    logger.record('shared', 2);
    own.dump({ step: 4 });
    own.prefix('inner', () => logger.log({ loss: 3 }));
    own.child('fold').log({ loss: 4 });
    own.info('half', 'way');
  });

  test('logs as the ubiquitous one: the same row, the same prefixes', async ({ dir }) => {
    const rows = await logged(dir, () => logger.prefix('train', () => work()));

    expect(rows).toEqual([
      { step: 4, 'train/own': 1, 'train/shared': 2 },
      { step: 5, 'train/inner/loss': 3 },
      { step: 6, 'train/fold/loss': 4 },
    ]);
  });

  test('names the function in its text lines, where it has a name', async ({ dir }) => {
    const nameless = captured({ names: ['logger'] }, (own: Logger = inject()) => own.info('done'));
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      await logged(dir, () => {
        work();
        nameless();
      });
      expect(write.mock.calls.map(([text]) => String(text))).toEqual([
        expect.stringMatching(/info +\[fit\] half way\n$/),
        expect.stringMatching(/info +done\n$/),
      ]);
    } finally {
      write.mockRestore();
    }
  });
});

describe('logger.child', () => {
  test('needs a name', () => {
    for (const name of ['', undefined]) {
      expect(() => logger.child(name as string)).toThrow('A prefix needs a name');
    }
  });

  test('has a prefix and a pending row of its own', async ({ dir }) => {
    const rows = await logged(dir, async () => {
      const test = logger.prefix('fold', () => logger.child('test'));
      const task = async (): Promise<void> => {
        test.record('loss', 1);
        await turn();
        test.dump({ step: 1 });
      };
      const done = logger.prefix('elsewhere', task);
      logger.record('loss', 2);
      logger.dump({ step: 0 });
      await done;
    });

    expect(rows).toEqual([
      { step: 0, loss: 2 },
      { step: 1, 'fold/test/loss': 1 },
    ]);
  });

  test('takes part in prefix blocks of its own, and in no others', async ({ dir }) => {
    const rows = await logged(dir, () => {
      const fold = logger.child('fold');
      fold.prefix('train', () => fold.log({ loss: 1 }));
      logger.prefix('elsewhere', () => fold.log({ loss: 2 }));
    });

    expect(rows).toEqual([
      { step: 0, 'fold/train/loss': 1 },
      { step: 1, 'fold/loss': 2 },
    ]);
  });
});
