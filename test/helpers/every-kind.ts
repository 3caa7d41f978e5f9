import { z } from 'zod';

const Node = z.object({
  value: z.number().default(0),
  get next() {
    return Node.optional();
  },
});

/** A config with every kind of key that an override can meet. */
export const Config = z.object({
  // as in sacred's own vectors
  a: z.boolean().default(false),
  b: z.boolean().default(false),
  c: z.number().default(0),
  d: z.string().default(''),
  f: z.number().nullable().default(1),
  g: z.string().nullable().default('x'),
  h: z.object({ i: z.int(), j: z.object({ k: z.int() }) }).default({ i: 0, j: { k: 0 } }),
  l: z.array(z.int()).default([1, 2]),
  // and more
  choice: z.enum(['sgd', 'adam', 'x1']).default('sgd'),
  limit: z.union([z.number(), z.literal('auto')]).default('auto'),
  free: z.any().optional(),
  words: z.array(z.string()).default(['w']),
  matrix: z.array(z.array(z.number())).default([[1, 2], [3]]),
  pair: z.tuple([z.number(), z.string()]).default([1, 'b']),
  items: z.array(z.object({ n: z.string(), v: z.int().default(1) })).default([{ n: 'a', v: 1 }]),
  maybe: z.array(z.int()).optional(),
  def: z.object({ w: z.int().default(1), z: z.int().default(2) }).default({ w: 8, z: 9 }),
  opt: z.object({ k: z.int().default(1) }).optional(),
  nul: z
    .object({ k: z.int().default(1) })
    .nullable()
    .default(null),
  rec: z.record(z.string(), z.number()).default({ p: 1, q: 2 }),
  models: z.record(z.string(), z.object({ x: z.int(), y: z.int().default(4) })).default({}),
  open: z.looseObject({ known: z.int().default(3) }).prefault({}),
  catchall: z
    .object({ known: z.int().default(1) })
    .catchall(z.number())
    .prefault({}),
  kind: z
    .discriminatedUnion('is', [
      z.object({ is: z.literal('sgd'), momentum: z.number().default(0.9) }),
      z.object({ is: z.literal('adam'), beta: z.number().default(0.99) }),
    ])
    .default({ is: 'sgd', momentum: 0.5 }),
  both: z
    .object({ one: z.int().default(1) })
    .and(z.object({ two: z.int().default(2) }))
    .prefault({}),
  either: z.union([z.int(), z.object({ k: z.int() })]).default(1),
  tree: Node.prefault({}),
  when: z.coerce.date().default(new Date(0)),
  coerced: z.coerce.number().default(0),
  bool: z.stringbool().default(false),
  size: z
    .string()
    .transform((text) => text.length)
    .optional(),
  even: z
    .int()
    .refine((n) => n % 2 === 0, 'must be even')
    .default(0),
  json: z.json().optional(),
});
