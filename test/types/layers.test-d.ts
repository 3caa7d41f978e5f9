import { expectTypeOf } from 'vitest';
import { experiment } from '../../src/index.ts';
import { base } from './training.ts';

const nothing = (): void => undefined;

/** Named configs set values by section or by path, and may be functions of the config. */
experiment(
  {
    ...base,
    configs: {
      big: { layers: [512], net: { head: { dropout: 0.5 } }, 'net.bias': true },
      bigger: { extends: 'big', 'limits.steps': 9 },
      both: { extends: ['big', 'bigger'], weights: { a: 1 }, 'weights.b': 2 },
      seen: (seen) => {
        expectTypeOf(seen.layers).toEqualTypeOf<readonly number[]>();
        // @ts-expect-error -- what it sees cannot be written to
        seen.lr = 1;
        return { lr: seen.lr / 10, 'net.head.dropout': seen.layers.length };
      },
    },
  },
  nothing,
);

export const refusedConfigs = [
  // @ts-expect-error -- there is no such key
  experiment({ ...base, configs: { big: { lrr: 1 } } }, nothing),
  // @ts-expect-error -- lr is a number
  experiment({ ...base, configs: { big: { lr: '1' } } }, nothing),
  // @ts-expect-error -- the section has no such key
  experiment({ ...base, configs: { big: { net: { bais: true } } } }, nothing),
  // @ts-expect-error -- nor as a path
  experiment({ ...base, configs: { big: { 'net.bais': true } } }, nothing),
  // @ts-expect-error -- bias is a boolean
  experiment({ ...base, configs: { big: { 'net.bias': 1 } } }, nothing),
  // @ts-expect-error -- extends names other configs
  experiment({ ...base, configs: { big: { extends: 1 } } }, nothing),
  // @ts-expect-error -- a function returns values of the config
  experiment({ ...base, configs: { big: () => ({ lr: 'small' }) } }, nothing),
  // @ts-expect-error -- and reads those there are
  experiment({ ...base, configs: { big: (seen) => ({ lr: seen.lrr }) } }, nothing),
];

/** Derived values have the type of their key. */
experiment(
  {
    ...base,
    derive: {
      warmup: (seen) => {
        expectTypeOf(seen.net.head.dropout).toEqualTypeOf<number>();
        return seen.layers.length;
      },
      'net.head.dropout': ({ lr }) => lr,
      layers: ({ lr }) => [lr],
      net: () => ({ head: { dropout: 0 }, bias: true }),
      'limits.steps': ({ lr }) => lr,
    },
  },
  nothing,
);

export const refusedDerivations = [
  // @ts-expect-error -- there is no such key
  experiment({ ...base, derive: { warmpu: () => 1 } }, nothing),
  // @ts-expect-error -- nor such a path
  experiment({ ...base, derive: { 'net.dropout': () => 1 } }, nothing),
  // @ts-expect-error -- warmup is a number
  experiment({ ...base, derive: { warmup: () => 'long' } }, nothing),
  // @ts-expect-error -- a derived value is there at once
  experiment({ ...base, derive: { warmup: async () => 1 } }, nothing),
  // @ts-expect-error -- it is a function
  experiment({ ...base, derive: { warmup: 1 } }, nothing),
  // @ts-expect-error -- of keys that there are
  experiment({ ...base, derive: { warmup: ({ epochs }) => epochs } }, nothing),
];

/** Hooks see the config, the command and the seed. */
experiment(
  {
    ...base,
    hooks: [
      (seen, { command, seed }) => {
        expectTypeOf(command).toEqualTypeOf<string>();
        expectTypeOf(seed).toEqualTypeOf<number>();
        return seen.net.bias ? { lr: seed, 'net.head.dropout': 0 } : undefined;
      },
      async ({ lr }) => ({ layers: [lr] }),
      () => {},
    ],
  },
  nothing,
);

export const refusedHooks = [
  // @ts-expect-error -- lr is a number
  experiment({ ...base, hooks: [async () => ({ lr: '1' })] }, nothing),
  // @ts-expect-error -- the section has no such key
  experiment({ ...base, hooks: [() => ({ net: { bais: true } })] }, nothing),
  // @ts-expect-error -- a hook gives values or nothing
  experiment({ ...base, hooks: [() => 5] }, nothing),
  // @ts-expect-error -- and is a function
  experiment({ ...base, hooks: [{ lr: 1 }] }, nothing),
  // @ts-expect-error -- it cannot write to what it sees
  experiment({ ...base, hooks: [(seen) => void (seen.lr = 1)] }, nothing),
];
