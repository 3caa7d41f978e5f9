import type { Assignment } from '../config/assignment.ts';
import type { OverrideText } from '../config/override.ts';
import { childSchema, propertiesOf, type JsonSchema } from '../config/json-schema.ts';
import { ExpError } from '../core/errors.ts';
import type { EarlierConfig, Origin } from '../core/run-spec.ts';
import { checkSeed, randomSeed } from '../random/seed.ts';
import type { Layer } from './layers.ts';

/** A root seed, and where it comes from. */
export interface RootSeed {
  readonly value: number;
  readonly origin: Origin;
}

/**
 * The root seed: `--seed` or `seed=`, or else the highest layer that sets the reserved key `seed`, or
 * else that of the earlier run whose config is taken, or else the schema's default, or else the one that
 * its parent run derives, or else a random one.
 * @throws {ExpError} EXP_USAGE if it is given twice, or is none.
 */
export function rootSeed(
  schema: JsonSchema,
  layers: readonly Layer[],
  earlier: EarlierConfig | undefined,
  flag: number | undefined,
  override: OverrideText | undefined,
  derived?: number,
): RootSeed {
  if (flag !== undefined && override !== undefined && Number(override.value) !== flag) {
    throw new ExpError(
      'EXP_USAGE',
      `The seed is given twice: --seed ${flag} and ${override.text}. Keep one of them.`,
    );
  }
  if (flag !== undefined) return made(flag, { layer: 'override', text: `--seed ${flag}` });
  if (override?.operation === 'add') {
    throw new ExpError('EXP_USAGE', `The seed is always there. Write seed=${override.value}.`);
  }
  if (override !== undefined && override.operation !== 'unset') {
    return made(override.value, { layer: 'override', text: override.text });
  }
  const given = layers.flatMap((layer) => ('ask' in layer ? [] : layer)).findLast(isSeed);
  const isUnset = override !== undefined || given?.operation === 'unset';
  if (given !== undefined && !isUnset) return made(given.value, given.origin);
  if (earlier?.seed !== undefined && !isUnset) {
    return made(earlier.seed, { layer: 'run', name: earlier.id });
  }
  const byDefault = declaredSeed(schema)?.default;
  if (typeof byDefault === 'number') return made(byDefault, { layer: 'default' });
  if (derived !== undefined) return made(derived, { layer: 'seed', text: 'parent run' });
  return made(randomSeed(), { layer: 'seed', text: 'random' });
}

/** The layers without the reserved key. */
export function withoutSeed(layers: readonly Layer[]): Layer[] {
  return layers.map((layer) =>
    'ask' in layer ? layer : layer.filter((assignment) => !isSeed(assignment)),
  );
}

/** The seed as part of the config, where the schema declares such a key or an open one was given it. */
export function seedLayer(schema: JsonSchema, { value, origin }: RootSeed): Assignment[] {
  const isTaken = childSchema(schema, 'seed') !== undefined && origin.layer !== 'seed';
  if (declaredSeed(schema) === undefined && !isTaken) return [];
  return [{ operation: 'put', path: ['seed'], value, origin }];
}

function declaredSeed(schema: JsonSchema): JsonSchema | undefined {
  return propertiesOf(schema).get('seed');
}

function isSeed({ path }: Assignment): boolean {
  return path.length === 1 && path[0] === 'seed';
}

function made(seed: unknown, origin: Origin): RootSeed {
  return { value: checkSeed(seed), origin };
}
