import 'reflect-metadata';
import { transformSync } from 'esbuild';
import { runInThisContext } from 'node:vm';
import { describe, expect } from 'vitest';
import { inject } from '../../src/capture/inject.ts';
import { captured } from '../../src/decorators/captured.ts';
import { param } from '../../src/decorators/param.ts';
import { inRun } from '../helpers/in-run.ts';
import { test } from '../helpers/temp-dir.ts';

const config = { lr: 0.1, train: { lr: 0.2, batchSize: 8 } };

interface Trainer {
  fit(epoch: number): unknown[];
  section(): unknown;
  later(): Promise<unknown>;
  all(...rest: number[]): unknown[];
}
interface Trainers {
  readonly Trainer: { new (): Trainer; scale(...args: number[]): unknown };
  readonly Faster: { new (): Trainer };
}

const SOURCE = `
  class Trainer {
    @captured({ names: [undefined, 'lr', 'train.batchSize'] })
    fit(epochNumber, learningRate = inject(), batchSize = inject()) {
      return [epochNumber, learningRate, batchSize];
    }
    @captured({ names: ['lr'], prefixes: ['train'], name: 'Trainer.section' })
    section(learningRate = inject()) { return learningRate; }
    @captured({ names: ['lr'] })
    async later(learningRate = inject()) { return learningRate; }
    @captured({ names: ['lr'] })
    all(learningRate = inject(), ...remaining) { return [learningRate, ...remaining]; }
    @captured({ names: [undefined, 'lr'] })
    static scale(by, learningRate = inject()) { return by * learningRate; }
  }
  class Faster extends Trainer {
    @captured({ names: [undefined, 'lr'] })
    fit(epochNumber, learningRate = inject()) { return super.fit(epochNumber, learningRate * 2); }
  }`;

/** Compiles classes as a bundler does that shortens every name it may, and loads them. */
function minified<T>(source: string, names: string, experimentalDecorators: boolean): T {
  const { code } = transformSync(
    `globalThis.load = (captured, inject, param) => { ${source}; return { ${names} }; }`,
    {
      loader: 'ts',
      target: 'es2022',
      minify: true,
      tsconfigRaw: { compilerOptions: { experimentalDecorators } },
    },
  );
  expect(code).not.toMatch(/learningRate|epochNumber/);
  const load = runInThisContext(`${code}; globalThis.load`) as (...given: unknown[]) => T;
  return load(captured, inject, param);
}

describe.for(['standard', 'legacy'] as const)('minified classes, %s decorators', (dialect) => {
  const isLegacy = dialect === 'legacy';
  const { Trainer, Faster } = minified<Trainers>(SOURCE, 'Trainer, Faster', isLegacy);

  test('are filled by the names that are given', async ({ dir }) => {
    const got = await inRun(dir, config, async () => {
      const trainer = new Trainer();
      return [
        trainer.fit(3),
        trainer.section(),
        await trainer.later(),
        trainer.all(),
        Trainer.scale(2),
        new Faster().fit(1),
      ];
    });

    expect(got).toEqual([[3, 0.1, 8], 0.2, 0.1, [0.1], 0.2, [1, 0.2, 8]]);
  });

  test('take explicit arguments, rest parameters, and no more than there are', async ({ dir }) => {
    const got = await inRun(dir, config, () => new Trainer().all(1, 2, 3));

    expect(got).toEqual([1, 2, 3]);
    await expect(inRun(dir, config, () => Trainer.scale(1, 2, 3))).rejects.toThrow(
      /^scale\(\) takes 2 arguments \(\w+, lr\), got 3\.$/,
    );
  });

  test('say what is missing by the names that are given', async ({ dir }) => {
    const call = inRun(dir, { train: {} }, () => new Trainer().section());

    await expect(call).rejects.toThrow('Trainer.section() needs "lr"');
    expect(() => new Trainer().fit(1)).toThrow(
      'needs "lr", "train.batchSize" and was called outside',
    );
  });
});

test('@param names the parameters of minified classes, in the legacy dialect', async ({ dir }) => {
  const source = `class Trainer {
    @captured
    fit(@param('train.lr') learningRate = inject(), @param('train.batchSize') size = inject()) {
      return [learningRate, size];
    }
  }`;
  const { Trainer } = minified<{ Trainer: new () => { fit(): unknown } }>(source, 'Trainer', true);

  expect(await inRun(dir, config, () => new Trainer().fit())).toEqual([0.2, 8]);
});
