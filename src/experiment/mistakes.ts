import { schemaOf } from '../config/compose.ts';
import { configKeys } from '../config/keys.ts';
import { followKey, propertiesOf, typesOf, type JsonSchema } from '../config/json-schema.ts';
import { parsePath } from '../config/path.ts';
import type { Derivations } from '../config/derive.ts';
import type { ConfigSchema } from '../config/schema.ts';
import { RESERVED_NAMES } from '../capture/injectable.ts';
import { suggest } from '../core/errors.ts';
import { isPlainObject, jsonLine } from '../core/json.ts';
import type { NamedConfigs } from './named-configs.ts';

/** What an experiment says of its config. */
export interface ConfigOptions {
  readonly config?: ConfigSchema;
  readonly configs?: NamedConfigs;
  readonly hooks?: readonly unknown[];
  readonly derive?: Derivations;
  readonly sweep?: object;
  readonly exclude?: readonly object[];
  readonly track?: readonly string[];
}

/**
 * The first thing that is wrong with what an experiment says of its config, in a sentence;
 * `undefined` where nothing is.
 * @throws {ExpError} EXP_CONFIG for a schema that is none.
 */
export function mistakeIn({
  config,
  configs = {},
  hooks = [],
  derive = {},
  sweep = {},
  exclude = [],
  track = [],
}: ConfigOptions): string | undefined {
  const schema = schemaOf(config);
  const swept = [sweep, exclude].flat().flatMap((level) => Object.keys(level));
  return (
    reservedKey(schema) ??
    unknownKey(schema, [...swept, ...Object.keys(derive), ...track]) ??
    badDerivation(schema, derive) ??
    badHook(hooks) ??
    badConfig(configs)
  );
}

function reservedKey(schema: JsonSchema): string | undefined {
  const top = [...propertiesOf(schema).keys()];
  const injected = top.find((key) => RESERVED_NAMES.includes(key));
  if (injected !== undefined) {
    return `"${injected}" cannot be a config key: captured functions get the ${injected} by it.`;
  }
  if (top.includes('with')) return '"with" cannot be a config key: with=name chooses a config.';
  if (top.includes('extends')) {
    return '"extends" cannot be a config key: in config files it names other files.';
  }
  return undefined;
}

function unknownKey(schema: JsonSchema, used: readonly string[]): string | undefined {
  const isKnown = (key: string): boolean => {
    const path = parsePath(key);
    return key === 'seed' || (path !== undefined && followKey(schema, path) !== undefined);
  };
  const unknown = used.find((key) => !isKnown(key));
  if (unknown === undefined) return undefined;
  const keys = configKeys(schema).map((key) => key.path);
  return `the config has no key "${unknown}". ${suggest(unknown, keys)}`;
}

function badDerivation(schema: JsonSchema, derive: Derivations): string | undefined {
  if (Object.hasOwn(derive, 'seed')) return '"seed" cannot be derived: it is chosen before.';
  for (const [key, fn] of Object.entries(derive)) {
    if (typeof fn !== 'function') return `derive: "${key}" must be a function.`;
    const section = followKey(schema, parsePath(key)!.slice(0, -1));
    if (typeof section === 'object' && typesOf(section).includes('array')) {
      return `derive: "${key}" is an item of a list. Derive the whole list.`;
    }
  }
  return undefined;
}

function badHook(hooks: readonly unknown[]): string | undefined {
  const bad = hooks.find((hook) => typeof hook !== 'function');
  return bad === undefined ? undefined : `a config hook must be a function, got ${jsonLine(bad)}.`;
}

function badConfig(configs: NamedConfigs): string | undefined {
  for (const [name, config] of Object.entries(configs)) {
    if (!/^[\w-]+$/.test(name)) {
      return `"${name}" cannot name a config. Use letters, digits, dashes and underscores.`;
    }
    if (!isPlainObject(config) && typeof config !== 'function') {
      return `the config "${name}" must be an object or a function, got ${jsonLine(config)}.`;
    }
  }
  return undefined;
}
