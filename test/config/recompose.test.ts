import { describe, expect, test } from 'vitest';
import { recompose } from '../../src/config/compose.ts';
import { isExpError } from '../../src/core/errors.ts';
import { compose, overrides } from '../helpers/compose.ts';
import { Training } from '../helpers/training.ts';

describe('recompose', () => {
  test('makes the same config of the input again, elsewhere', async () => {
    const { input, config } = await compose(Training, [
      overrides(Training, 'net.layers=[8,4]', '+open.a.b=1', '+weights.w=2'),
    ]);

    expect(await recompose(Training, structuredClone(input))).toEqual(config);
  });

  test('gives the input where nothing is declared, and says what is wrong with it', async () => {
    expect(await recompose(undefined, {})).toEqual({});
    const error: unknown = await recompose(Training, { lr: 'x' }).catch(
      (thrown: unknown) => thrown,
    );
    expect(isExpError(error) && error.message).toBe(
      'Config "lr": Invalid input: expected number, received string, got "x"',
    );
  });
});
