import { z } from 'zod';

/** The config of a training: a section, an open one and a record among its keys. */
export const Training = z.object({
  lr: z.number().positive().default(0.01),
  epochs: z.int().positive().default(20),
  note: z.string().optional(),
  net: z
    .object({
      layers: z.array(z.int().positive()).default([64]),
      activation: z.enum(['relu', 'tanh']).default('relu'),
    })
    .prefault({}),
  open: z.looseObject({}).optional(),
  weights: z.record(z.string(), z.number()).optional(),
});
