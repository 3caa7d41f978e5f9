import { expect } from 'vitest';
import { z } from 'zod';
import type { ConfigSchema } from '../../src/config/schema.ts';
import {
  define,
  type Definition,
  type ExperimentOptions,
} from '../../src/experiment/definition.ts';

/** A config to plan runs with: a key for every layer, and some that are nested. */
export const Config = z.object({
  a: z.int().default(0),
  b: z.int().default(0),
  c: z.int().default(0),
  d: z.int().default(0),
  e: z.int().default(0),
  f: z.int().default(0),
  g: z.int().default(0),
  h: z.int().optional(),
  list: z.array(z.int()).default([1]),
  net: z.object({ x: z.int().default(1), y: z.int().default(2) }).prefault({}),
});
type Config = z.infer<typeof Config>;

/** An experiment called `planned` with the config above. */
export function definitionOf(options: Partial<ExperimentOptions<Config>> = {}): Definition {
  return definitionWith(Config, options);
}

/** The same with a config of its own. */
export function definitionWith<C>(
  config: ConfigSchema<C>,
  options: Partial<ExperimentOptions<C>> = {},
): Definition {
  const all = { name: 'planned', config, sinks: [], ...options };
  return define('experiment("planned")', all as never, new Map([['main', () => undefined]]));
}

/** Where these experiments are defined: in this file. */
export const place = {
  file: expect.stringMatching(/planned\.ts$/) as unknown as string,
  line: expect.any(Number) as number,
};
