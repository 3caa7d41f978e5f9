import { expect } from 'vitest';
import type { z } from 'zod';
import { assignmentsOf, type Assignment } from '../../src/config/assignment.ts';
import {
  composeConfig,
  schemaOf,
  type AskedLayer,
  type Composed,
} from '../../src/config/compose.ts';
import { readConfigFile } from '../../src/config/config-file.ts';
import type { Derivations } from '../../src/config/derive.ts';
import { parseOverride, splitOverride } from '../../src/config/override.ts';
import type { Origin } from '../../src/core/run-spec.ts';

/** The layer that overrides on a command line make. */
export function overrides(schema: z.ZodType, ...texts: string[]): Assignment[] {
  return texts.flatMap((text) => parseOverride(splitOverride(text), schemaOf(schema)));
}

/** The layer that nested values make. */
export function values(
  schema: z.ZodType,
  nested: unknown,
  origin: Origin = { layer: 'api' },
): Assignment[] {
  return assignmentsOf({ values: nested, originOf: () => origin }, schemaOf(schema));
}

/** The layers that a config file makes, with those it extends. */
export function fileLayers(schema: z.ZodType, file: string): Assignment[][] {
  const described = schemaOf(schema);
  return readConfigFile(file, described).map((one) => assignmentsOf(one, described));
}

/** Composes layers, and what is derived. */
export function compose(
  schema: z.ZodType,
  layers: readonly (readonly Assignment[] | AskedLayer)[],
  derive: Derivations = {},
): Promise<Composed> {
  return composeConfig({ schema, derive }, layers);
}

/** The config that overrides make. */
export async function configOf(schema: z.ZodType, ...texts: string[]): Promise<unknown> {
  return (await compose(schema, [overrides(schema, ...texts)])).config;
}

/** The lines of the EXP_CONFIG error that something ends with. */
export async function linesOfError(work: () => unknown): Promise<string[]> {
  let thrown: unknown;
  try {
    await work();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code: 'EXP_CONFIG' });
  return (thrown as Error).message.split('\n');
}
