import { expectTypeOf } from 'vitest';
import { z } from 'zod';
import { experiment } from '../../src/index.ts';

const nothing = (): void => undefined;

const Node = z.object({
  value: z.number().default(0),
  get next() {
    return Node.optional();
  },
});

const Open = z.object({
  free: z.any(),
  some: z.unknown(),
  json: z.json(),
  either: z.union([z.literal('none'), z.object({ width: z.int() })]),
  tree: Node,
  open: z.looseObject({ known: z.int() }),
  models: z.record(z.string(), z.object({ width: z.int() })),
  anything: z.record(z.string(), z.any()),
});

export const refusedOfOpen = [
  // @ts-expect-error -- width is a number
  experiment({ name: 'open', config: Open, sweep: { 'models.m.width': ['wide'] } }, nothing),
  // @ts-expect-error -- value is a number
  experiment({ name: 'open', config: Open, sweep: { 'tree.next.value': ['deep'] } }, nothing),
  // @ts-expect-error -- there is no such key, however deep the tree
  experiment({ name: 'open', config: Open, sweep: { 'tree.nxt.value': [1] } }, nothing),
];

/** Keys of which the schema says little take any value, and have any keys below. */
export const open = experiment(
  {
    name: 'open',
    config: Open,
    sweep: {
      free: [1, 'a', { b: 1 }],
      'open.known': [1],
      'open.any': [1],
      'models.m': [{ width: 1 }],
      'models.m.width': [1],
      'either.width': [1],
      'tree.next.value': [1],
      'anything.goes': [1, 'a'],
      json: [{ a: [1, null] }],
    },
    track: ['open.known', 'models.m.width', 'tree.value'],
  },
  ({ config }) => {
    expectTypeOf(config.tree.next?.next?.value).toEqualTypeOf<number | undefined>();
    // @ts-expect-error -- read-only all the way down
    config.tree.next!.next!.value = 1;
  },
);

export async function opened(): Promise<void> {
  await open.run({ free: { a: 1 }, open: { known: 1, any: 2 }, models: { m: { width: 1 } } });
  await open.run({ tree: { next: { value: 1 } }, 'models.m.width': 3, json: [1, { a: null }] });
  // @ts-expect-error -- width is a number
  await open.run({ models: { m: { width: 'wide' } } });
  // @ts-expect-error -- value is a number
  await open.run({ tree: { next: { value: 'deep' } } });
}
