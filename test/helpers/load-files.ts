import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { compose, fileLayers } from './compose.ts';

/** A config with a key of every kind. */
const Config = z.object({
  lr: z.number().default(0.1),
  name: z.string().default('x'),
  flag: z.boolean().default(false),
  maybe: z.string().nullable().default('m'),
  either: z.union([z.number(), z.string()]).default(0),
  choice: z.enum(['no', 'yes']).default('yes'),
  layers: z.array(z.int()).default([64, 32]),
  net: z.object({ width: z.int().default(1), act: z.string().default('relu') }).prefault({}),
  def: z.object({ a: z.int(), b: z.int().default(0) }).default({ a: 8, b: 9 }),
  items: z.array(z.object({ n: z.string(), v: z.number().default(1) })).default([]),
  weights: z.record(z.string(), z.number()).default({ p: 1 }),
  free: z.any().optional(),
});

/** Writes files into a directory and composes the first one of them. */
export async function load(dir: string, files: Record<string, string>) {
  for (const [name, text] of Object.entries(files)) {
    const file = join(dir, name);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  }
  return compose(Config, fileLayers(Config, join(dir, Object.keys(files)[0]!)));
}
