import { leaves } from '../config/assignment.ts';
import { changeOf, type Change } from '../config/change.ts';
import { schemaOf } from '../config/compose.ts';
import { complete } from '../config/defaults.ts';
import { ConfigView } from '../config/derive.ts';
import { valueAt } from '../config/container.ts';
import { Draft } from '../config/draft.ts';
import type { JsonSchema } from '../config/json-schema.ts';
import { configKeys, type ConfigKey } from '../config/keys.ts';
import { pathText } from '../config/path.ts';
import { isExpError } from '../core/errors.ts';
import { isPlainObject, toJson, type Json, type JsonObject } from '../core/json.ts';
import type { Origin, RunSpec } from '../core/run-spec.ts';
import type { Definition } from './definition.ts';
import { defaultsInUse, originOfDefault } from '../capture/function-defaults.ts';
import { planRun, planSweep } from './plan.ts';
import type { SweepRequest } from './requests.ts';

/** One key of a resolved config. */
export interface ResolvedKey {
  readonly key: string;
  readonly value: Json;
  /** What it would be if nobody had said anything. */
  readonly default?: Json;
  readonly change?: Change;
  readonly type?: string;
  readonly description?: string;
  readonly origin: Origin;
}

/** A config as it would be used, with the story of every value. */
export interface ResolvedConfig {
  /** The values of the swept keys, in a sweep. */
  readonly variant?: JsonObject;
  readonly config: Json;
  readonly keys: readonly ResolvedKey[];
}

/** What `--print-config` shows. */
export interface Resolution {
  readonly experiment: string;
  readonly command: string;
  /** One for each variant of a sweep. */
  readonly configs: readonly ResolvedConfig[];
  readonly notes: readonly string[];
}

/**
 * Resolves the config of a run, or of every variant of a sweep, and creates nothing.
 * @throws {ExpError} as planning does.
 */
export async function resolveConfig(
  definition: Definition,
  request: SweepRequest,
  isSweep: boolean,
): Promise<Resolution> {
  const { runs, notes } = isSweep
    ? await planSweep(definition, { ...request, repeats: 1 })
    : { runs: [await planRun(definition, request)], notes: [] };
  const schema = schemaOf(definition.schema);
  const known: Known = {
    schema,
    keys: new Map(configKeys(schema).map((key) => [key.path, key])),
    defaults: defaultConfig(definition),
  };
  return {
    experiment: definition.name,
    command: request.command ?? 'main',
    configs: runs.map((spec) => ({
      ...(spec.sweep !== undefined && { variant: spec.sweep.variant }),
      config: spec.config,
      keys: resolvedKeys(spec, known),
    })),
    notes,
  };
}

/** What is the same for all variants of a sweep. */
interface Known {
  readonly schema: JsonSchema;
  /** The declared keys, by path. */
  readonly keys: ReadonlyMap<string, ConfigKey>;
  readonly defaults: unknown;
}

function resolvedKeys(spec: RunSpec, known: Known): ResolvedKey[] {
  const { config, untransformed, origins, seed } = spec;
  const { schema, defaults } = known;
  const keys = leaves(config).map(({ path, value }): ResolvedKey => {
    const key = pathText(path);
    const byDefault = toJsonOrNone(valueAt(defaults, path));
    const origin = origins[key] ?? { layer: 'default' };
    // Defaults are what the schema is given; it may make something else of them.
    const given = valueAt(untransformed ?? config, path);
    const change = origin.layer === 'default' ? undefined : changeOf(given ?? value, byDefault);
    return {
      key,
      value: value as Json,
      ...(byDefault !== undefined && { default: byDefault }),
      ...(change !== undefined && { change }),
      ...declared(known, key),
      origin,
    };
  });
  const ofFunctions = [...defaultsInUse(schema, config, spec)].map(([key, one]): ResolvedKey => {
    return {
      key,
      value: one.value === undefined ? one.written : toJson(one.value),
      ...declared(known, key),
      origin: originOfDefault(one),
    };
  });
  const isRandom = origins['seed']?.layer === 'seed';
  const seedKey: ResolvedKey = {
    key: 'seed',
    value: isRandom ? 'random' : seed,
    type: 'integer >= 0',
    description: 'root seed',
    origin: origins['seed'] ?? { layer: 'seed' },
  };
  return [...keys.filter(({ key }) => key !== 'seed'), ...ofFunctions, seedKey];
}

/** What the schema says of a key; nothing for one that it does not declare. */
function declared({ keys }: Known, key: string): Pick<ResolvedKey, 'type' | 'description'> {
  const found = keys.get(key);
  if (found === undefined) return {};
  const { type, description } = found;
  return { type, ...(description !== undefined && { description }) };
}

/** The config that nobody has touched: what the schema and derivations make of nothing. */
export function defaultConfig({ schema, derive }: Definition): unknown {
  const described = schemaOf(schema);
  const draft = new Draft(described, []);
  try {
    draft.assign(new ConfigView(described, draft, derive).derived());
  } catch (error) {
    // Without the keys that have no default, some values cannot be derived.
    if (!isExpError(error)) throw error;
  }
  const completed = complete(described, draft.input);
  return isPlainObject(completed) ? completed : {};
}

function toJsonOrNone(value: unknown): Json | undefined {
  return value === undefined ? undefined : toJson(value);
}
