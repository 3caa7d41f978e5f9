import { describe, expect, test } from 'vitest';
import { composeConfig } from '../../src/config/compose.ts';
import type { Origin } from '../../src/core/run-spec.ts';
import { compose, overrides, values } from '../helpers/compose.ts';
import { Training } from '../helpers/training.ts';

const file = (line: number): Origin => ({ layer: 'file', file: '/base.yaml', line });

describe('Composed.origins', () => {
  test('names the layer and the place of every key', async () => {
    const { origins } = await compose(Training, [
      values(Training, { lr: 9, net: { activation: 'tanh', layers: [1] } }, file(3)),
      values(Training, { epochs: 3 }, { layer: 'named', name: 'big' }),
      [
        {
          operation: 'put',
          path: ['net', 'layers'],
          value: [8],
          origin: { layer: 'variant', text: 'net.layers=[8]' },
        },
      ],
      overrides(Training, 'lr=1', '+open.a=1'),
    ]);

    expect(origins).toEqual({
      lr: { layer: 'override', text: 'lr=1' },
      epochs: { layer: 'named', name: 'big' },
      'net.layers': { layer: 'variant', text: 'net.layers=[8]' },
      'net.activation': file(3),
      'open.a': { layer: 'override', text: '+open.a=1' },
    });
  });

  test('tells for each key of a section that was assigned whole', async () => {
    for (const text of ['net={"layers":[8]}', 'net:={"layers":[8]}']) {
      const { origins } = await compose(Training, [overrides(Training, text)]);

      expect(origins).toMatchObject({
        'net.layers': { layer: 'override', text },
        'net.activation': { layer: 'default' },
      });
    }
  });

  test('says of defaults and derived values where the experiment stands', async () => {
    const place = { file: '/main.ts', line: 7 };

    const { origins } = await composeConfig(
      { schema: Training, derive: { epochs: (config: { lr: number }) => config.lr * 500 }, place },
      [overrides(Training, '~lr')],
    );

    expect(origins).toMatchObject({
      'net.layers': { layer: 'default', ...place },
      epochs: { layer: 'derived', text: 'from lr', ...place },
      lr: { layer: 'default', text: '~lr' },
    });
  });
});
