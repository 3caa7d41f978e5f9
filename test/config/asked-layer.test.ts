import { describe, expect, test } from 'vitest';
import type { AskedLayer } from '../../src/config/compose.ts';
import { compose, linesOfError, overrides, values } from '../helpers/compose.ts';
import { Training } from '../helpers/training.ts';

describe('a layer that is asked', () => {
  const asked = (ask: AskedLayer['ask'], name = 'grow'): AskedLayer => ({
    origin: { layer: 'hook', name },
    ask,
  });

  test('sees what all plain layers say, defaults, and derived values', async () => {
    const seen: unknown[] = [];

    await compose(
      Training,
      [
        values(Training, { lr: 1 }),
        asked((config) => {
          seen.push(structuredClone(JSON.parse(JSON.stringify(config))));
          return {};
        }),
        overrides(Training, 'net.activation=tanh'),
      ],
      { epochs: (config: { lr: number }) => config.lr * 10 },
    );

    expect(seen).toEqual([{ lr: 1, epochs: 10, net: { layers: [64], activation: 'tanh' } }]);
  });

  test('sees what those asked before it said, and wins over them', async () => {
    const { config, origins } = await compose(Training, [
      asked(() => ({ epochs: 5, lr: 1 }), 'first'),
      asked((known) => ({ epochs: (known as { epochs: number }).epochs + 1 }), 'second'),
    ]);

    expect(config).toMatchObject({ epochs: 6, lr: 1 });
    expect(origins['epochs']).toEqual({ layer: 'hook', name: 'second' });
  });

  test('loses to a layer above, and wins over one below', async () => {
    const hook = asked(() => ({ lr: 7, 'net.layers': [7] }));

    const { config } = await compose(Training, [
      values(Training, { lr: 1 }),
      hook,
      overrides(Training, 'net.layers=[9]'),
    ]);

    expect(config).toMatchObject({ lr: 7, net: { layers: [9] } });
  });

  test('cannot write to what it sees', async () => {
    const write = (config: unknown): unknown => {
      (config as { net: { layers: number[] } }).net.layers.push(1);
      return {};
    };

    await expect(compose(Training, [asked(write)])).rejects.toThrow(
      'Config "net.layers[1]" cannot be written to here. Return values.',
    );
  });

  test('is not asked while other layers are wrong, whose problems come first', async () => {
    const hook = asked(() => expect.unreachable('it was asked'));

    expect(
      await linesOfError(() => compose(Training, [hook, values(Training, { lrr: 1 })])),
    ).toEqual(['Config key "lrr" is unknown. Did you mean "lr"? (code)']);
  });
});
