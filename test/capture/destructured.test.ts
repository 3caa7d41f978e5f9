import { describe, expect } from 'vitest';
import { z } from 'zod';
import { captured } from '../../src/decorators/captured.ts';
import { experiment } from '../../src/decorators/experiment.ts';
import { capture } from '../../src/capture/capture.ts';
import { inject } from '../../src/capture/inject.ts';
import { Rng } from '../../src/random/rng.ts';
import { inRun } from '../helpers/in-run.ts';
import { test } from '../helpers/temp-dir.ts';

interface Given {
  lr?: number;
  momentum?: number | undefined;
  rng?: Rng;
}

const KEY = 'x1';
const config = { lr: 0.1, train: { lr: 0.2, batch: 8 }, 'odd key': 5 };
const fit = captured(({ lr, momentum = 0.9, rng }: Given = inject()) => [
  lr,
  momentum,
  rng instanceof Rng,
]);

describe('a destructured parameter', () => {
  test('gets what its caller leaves out: from the config, or else its own default', async ({
    dir,
  }) => {
    const got = await inRun(dir, config, () => [
      fit(),
      fit({}),
      fit({ lr: 1, momentum: 0 }),
      fit({ momentum: undefined }),
    ]);

    expect(got).toEqual([
      [0.1, 0.9, true],
      [0.1, 0.9, true],
      [1, 0, true],
      [0.1, 0.9, true],
    ]);
  });

  test.for<[what: string, fn: (given?: any) => unknown, given: unknown, got: unknown]>([
    ['new names', captured(({ lr: rate }) => rate), undefined, 0.1],
    [
      'new names with defaults',
      captured(({ lr: rate = 5, x: y = 6 }) => [rate, y]),
      undefined,
      [0.1, 6],
    ],
    ['names in quotes', captured(({ 'odd key': odd, 'train.lr': lr }) => [odd, lr]), {}, [5, 0.2]],
    [
      'a section, taken apart',
      captured(({ train: { lr, x = 1 } }) => [lr, x]),
      undefined,
      [0.2, 1],
    ],
    ['a section that is given', captured(({ train: { lr } }) => lr), { train: { lr: 9 } }, 9],
    ['inject() for a member', captured(({ lr = inject() }) => lr), undefined, 0.1],
    [
      'a rest, as it is given',
      captured(({ lr, ...rest }) => [lr, rest]),
      { a: 1 },
      [0.1, { a: 1 }],
    ],
    ['no rest of the config', captured(({ lr, ...rest }) => [lr, rest]), undefined, [0.1, {}]],
    [
      'a computed key, as it is given',
      captured(({ lr, [KEY]: x }) => [lr, x]),
      { x1: 3 },
      [0.1, 3],
    ],
    ['a section as a whole', captured(({ lr }) => lr), 'train', 0.2],
    ['an empty default', captured(({ lr, x = 2 } = {} as any) => [lr, x]), undefined, [0.1, 2]],
    ['a literal default', captured(({ lr, x } = { lr: 3, x: 4 }) => [lr, x]), undefined, [0.1, 4]],
    ['a default that is none', captured(({ lr, x } = made()) => [lr, x]), undefined, ['made', 1]],
    [
      'defaults with brackets',
      captured(({ a = '},(', b = [1, { c: 2 }], lr }) => [a, b, lr]),
      {},
      ['},(', [1, { c: 2 }], 0.1],
    ],
    ['null, as it is', captured((all: { lr: 1 } | null = null) => all), null, null],
  ])('takes %s', async ([, fn, given, got], { dir }) => {
    const result = await inRun(dir, config, (run) =>
      fn(given === 'train' ? run.config.train : given),
    );

    expect(result).toEqual(got);
  });

  test('may stand anywhere, beside others', async ({ dir }) => {
    const step = captured(
      (epoch: number, { lr }: { lr: number } = inject(), rng: Rng = inject()) => [
        epoch,
        lr,
        rng instanceof Rng,
      ],
    );

    expect(await inRun(dir, config, () => step(3))).toEqual([3, 0.1, true]);
  });

  test('takes an instance as it is', async ({ dir }) => {
    class Batch {
      size = 3;
      get double(): number {
        return this.size * 2;
      }
    }
    const sizes = captured(({ size, double }: Batch) => [size, double]);

    expect(await inRun(dir, { size: 9 }, () => sizes(new Batch()))).toEqual([3, 6]);
  });

  test('gets its members from the sections of the function', async ({ dir }) => {
    const fn = capture(({ lr, batch }: { lr: number; batch: number }) => [lr, batch], {
      prefixes: ['train'],
    }) as () => unknown;

    expect(await inRun(dir, config, () => fn())).toEqual([0.2, 8]);
  });

  test('names what it misses, with the function', async ({ dir }) => {
    const named = captured(function fitted({ lrs, batch }: any = inject()) {
      return [lrs, batch];
    });
    const injected = captured(({ nothing = inject() }: any) => nothing as unknown) as () => unknown;

    await expect(inRun(dir, config, () => named())).rejects.toThrow(
      'fitted() needs "lrs", "batch", which neither the call nor the config gives. Did you mean "lr"?',
    );
    await expect(inRun(dir, config, () => injected())).rejects.toThrow(
      /needs "nothing".* Known: lr,/,
    );
  });

  test('refuses members it does not take, with the nearest that it does', async ({ dir }) => {
    const call = inRun(dir, config, () => fit({ lrr: 1 } as Given));

    await expect(call).rejects.toThrow(
      expect.objectContaining({
        code: 'EXP_CAPTURE',
        message: expect.stringMatching(/\(\) takes no "lrr"\. Did you mean "lr"\?/),
      }),
    );
  });

  test('outside of a run keeps its defaults, and names what it needs', () => {
    const easy = captured(({ x = 1 }: { x?: number } = inject()) => x);
    const rate = captured(({ lr, x = inject() }: { lr?: number; x?: number }) => [lr, x]);

    expect(easy()).toBe(1);
    expect(rate({ lr: 1, x: 2 })).toEqual([1, 2]);
    expect(() => fit()).toThrow('needs "lr", "rng" and was called outside of a run.');
    expect(() => rate({ lr: 1 })).toThrow('needs "x" and was called outside of a run.');
  });

  test('may be the second one of main', async ({ dir }) => {
    const taken = experiment(
      { name: `destructured-${dir.slice(-6)}`, config: z.object({ lr: z.number() }), sinks: [] },
      ({ id }, { lr, rng, logger, signal, runId }) => [
        lr,
        rng instanceof Rng,
        typeof logger.info,
        signal.aborted,
        runId === id,
      ],
    );

    const { result } = await taken.run({ lr: 0.5 }, { root: dir });

    expect(result).toEqual([0.5, true, 'function', false, true]);
  });
});

function made(): { lr: unknown; x: number } {
  return { lr: 'made', x: 1 };
}
