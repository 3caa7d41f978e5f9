import { describe, expect, test } from 'vitest';
import { updateConfig } from '../../src/experiment/update-config.ts';

const config = { env: { game: 'pong', sizes: [1, 2] }, algo: { lr: 1, opt: { kind: 'sgd' } } };

describe('updateConfig', () => {
  test('sets the values of a variant, section by section', () => {
    const updated = updateConfig(config, { algo: { lr: 2 }, env: { sizes: [3] } });

    expect(updated).toEqual({
      env: { game: 'pong', sizes: [3] },
      algo: { lr: 2, opt: { kind: 'sgd' } },
    });
  });

  test('shares nothing with the config or the variant', () => {
    const before = structuredClone(config);
    const variant = { env: { sizes: [3] } };

    const updated = updateConfig(config, variant);
    updated.algo.opt.kind = 'adam';
    updated.env.sizes.push(4);
    updateConfig(config, {}).env.sizes.push(5);

    expect(config).toEqual(before);
    expect(variant).toEqual({ env: { sizes: [3] } });
  });

  test.for<[variant: object, message: string]>([
    [{ algo: { lrr: 1 } }, 'Config key "algo.lrr" is unknown. Did you mean "lr"?'],
    [{ agent: {} }, 'Config key "agent" is unknown.'],
    [{ algo: { op: 1 } }, 'Config key "algo.op" is unknown.'],
    [{ algo: 5 }, 'Config "algo" is a section, got 5.'],
    [{ env: { game: { name: 'x' } } }, 'Config "env.game" is a value, not a section, got {'],
    [{ env: { sizes: { 0: 1 } } }, 'Config "env.sizes" is a value, not a section, got {'],
    [{ toString: 1 }, 'Config key "toString" is unknown.'],
  ])('refuses %j', ([variant, message]) => {
    expect(() => updateConfig(config, variant)).toThrow(
      expect.objectContaining({ code: 'EXP_CONFIG', message: expect.stringContaining(message) }),
    );
  });
});
