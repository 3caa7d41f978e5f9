import { describe, expect } from 'vitest';
import { captured } from '../../src/decorators/captured.ts';
import { param } from '../../src/decorators/param.ts';
import { inject } from '../../src/capture/inject.ts';
import { inRun } from '../helpers/in-run.ts';
import { test } from '../helpers/temp-dir.ts';

class Trainer {
  @captured
  fit(@param('lr') rate: number = inject(), epochs: number = inject()) {
    return [rate, epochs];
  }

  @captured
  nested(@param('train.optimizer.lr') rate: number = inject()) {
    return rate;
  }

  @captured('train')
  section(@param('optimizer.lr') rate: number = inject()) {
    return rate;
  }

  @captured
  pattern(@param('train') { lr }: { lr: number } = inject()) {
    return lr;
  }

  @captured
  static scale(x: number, @param('lr') rate: number = inject()) {
    return x * rate;
  }

  @captured
  defaulted(@param('train.missing') rate = 7) {
    return rate;
  }
}

class Renaming extends Trainer {
  @captured
  override fit(@param('rate') rate: number = inject(), epochs: number = inject()) {
    return [rate, epochs];
  }
}

const config = { lr: 0.1, rate: 9, epochs: 3, train: { lr: 0.2, optimizer: { lr: 0.3 } } };

describe('@param', () => {
  const trainer = new Trainer();

  test.for<[what: string, call: () => unknown, value: unknown]>([
    ['a parameter, and no other', () => trainer.fit(), [0.1, 3]],
    ['a parameter by a path', () => trainer.nested(), 0.3],
    ['a parameter by a path inside of a section', () => trainer.section(), 0.3],
    ['a destructured parameter', () => trainer.pattern(), 0.2],
    ['a parameter of a static method', () => Trainer.scale(2), 0.2],
    ['a parameter in an overriding method only', () => new Renaming().fit(), [9, 3]],
  ])('names the key for %s', async ([, call, value], { dir }) => {
    expect(await inRun(dir, config, call)).toEqual(value);
  });

  test('yields to an explicit argument', async ({ dir }) => {
    expect(await inRun(dir, config, () => trainer.fit(5))).toEqual([5, 3]);
  });

  test('leaves a parameter its default where there is no such key', async ({ dir }) => {
    expect(await inRun(dir, config, () => trainer.defaulted())).toBe(7);
  });

  test('is named in the error for a key that is missing', async ({ dir }) => {
    const call = inRun(dir, { train: {} }, () => trainer.nested());

    await expect(call).rejects.toThrow(
      'nested() needs "train.optimizer.lr", which neither the call nor the config gives.',
    );
  });
});
