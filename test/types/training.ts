import { z } from 'zod';

/** A config with a key of every kind. */
export const Training = z.object({
  lr: z.number().default(0.01),
  warmup: z.int().optional(),
  optimizer: z.enum(['sgd', 'adam']).default('adam'),
  layers: z.array(z.int()).default([64]),
  blocks: z.array(z.object({ width: z.int() })).default([]),
  pair: z.tuple([z.number(), z.string()]).default([1, 'a']),
  since: z.date().default(new Date(0)),
  net: z.object({ head: z.object({ dropout: z.number() }), bias: z.boolean() }),
  limits: z.object({ steps: z.int(), seconds: z.number() }).optional(),
  weights: z.record(z.string(), z.number()),
  schedule: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('step'), gamma: z.number() }),
    z.object({ kind: z.literal('cosine'), period: z.int() }),
  ]),
});
export type Training = z.infer<typeof Training>;

export const base = { name: 'typed', config: Training } as const;
