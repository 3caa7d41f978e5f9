import { assignmentsOf, type Operation } from '../config/assignment.ts';
import { schemaOf } from '../config/compose.ts';
import { namesIn } from '../config/config-file.ts';
import { valueAt } from '../config/container.ts';
import { configKeys, type ConfigKey } from '../config/keys.ts';
import { parsePath, pathText } from '../config/path.ts';
import { configSections, takesAnyKey, type ConfigSection } from '../config/sections.ts';
import { isPlainObject, toJson, type Json } from '../core/json.ts';
import { SINK_NAMES } from '../core/sink.ts';
import type { ChosenSinks } from '../run/sinks.ts';
import { ownSinks, type Definition } from './definition.ts';
import { defaultsInUse } from '../capture/function-defaults.ts';
import { chosenSinks } from './plan.ts';
import type { Sweep } from './read-sweep.ts';
import { defaultConfig } from './resolve.ts';

/** An experiment as values, for `--help`. */
export interface Description {
  readonly name: string;
  readonly description?: string;
  readonly keys: readonly ConfigKey[];
  readonly sections: readonly ConfigSection[];
  /** True where the config as a whole takes keys that are not declared. */
  readonly isOpen: boolean;
  readonly commands: readonly string[];
  readonly sweep: Sweep;
  readonly samples?: number;
  readonly repeats: number;
  /** What `with=` can choose. */
  readonly configs: readonly DescribedConfig[];
  readonly sinks: ChosenSinks;
  /** Those it does not get unless someone says so. */
  readonly otherSinks: readonly string[];
  /** Names of the hooks. */
  readonly hooks: readonly string[];
  /** Keys that are derived from others, and what they are if nothing is set; `null` if that is none. */
  readonly derived: Readonly<Record<string, Json>>;
  /** Keys that a captured function has a default for: `{ momentum: '0.9, of main' }`. */
  readonly ofFunctions: Readonly<Record<string, string>>;
}

/** A named config as values. */
export interface DescribedConfig {
  readonly name: string;
  readonly extends: readonly string[];
  /** What it sets, as overrides would; `undefined` for one that depends on the config. */
  readonly sets?: readonly { readonly key: string; readonly value?: Json }[];
}

/** What stands before a path and behind it, by what is done to it. */
const SIGNS: Readonly<Record<Operation, readonly [before: string, behind: string]>> = {
  put: ['', ''],
  change: ['', ''],
  add: ['+', ''],
  replace: ['', ':'],
  unset: ['~', ''],
};

/**
 * Describes an experiment without running any of its code but that of derived values.
 * @param sinks as a flag names them.
 */
export function describeExperiment(definition: Definition, sinks?: readonly string[]): Description {
  const { name, description, commands, sweep, samples, repeats, configs, hooks, derive } =
    definition;
  const schema = schemaOf(definition.schema);
  const defaults = defaultConfig(definition);
  const derived = Object.keys(derive).map((key) => [
    key,
    toJson(valueAt(defaults, parsePath(key)!) ?? null),
  ]);
  const inUse = [...defaultsInUse(schema, defaults, { experiment: name })];
  const ofFunctions = inUse.map(([key, one]) => [key, `${one.written}, of ${one.name}`]);
  return {
    name,
    ...(description !== undefined && { description }),
    // As JSON, which is how they reach whoever shows them: it has no infinity.
    keys: configKeys(schema).map((key) =>
      key.default === undefined ? key : { ...key, default: toJson(key.default) },
    ),
    sections: configSections(schema),
    isOpen: takesAnyKey(schema),
    commands: [...commands.keys()],
    sweep,
    ...(samples !== undefined && { samples }),
    repeats,
    configs: Object.entries(configs).map(([config, values]) =>
      describedConfig(definition, config, values),
    ),
    hooks: hooks.map((hook, i) => hook.name || String(i + 1)),
    ...describedSinks(definition, sinks),
    derived: Object.fromEntries(derived) as Record<string, Json>,
    ofFunctions: Object.fromEntries(ofFunctions),
  };
}

function describedSinks(
  definition: Definition,
  flag: readonly string[] | undefined,
): Pick<Description, 'sinks' | 'otherSinks'> {
  const sinks = chosenSinks(definition, flag);
  const own = ownSinks(definition).flatMap((one) => (typeof one === 'string' ? [] : [one.name]));
  const known = [...new Set([...SINK_NAMES, ...own])];
  return { sinks, otherSinks: known.filter((name) => !sinks.names.includes(name)) };
}

function describedConfig({ schema }: Definition, name: string, config: unknown): DescribedConfig {
  if (typeof config === 'function') return { name, extends: [] };
  const { extends: bases, ...values } = config as Record<string, unknown>;
  const assignments = assignmentsOf(
    { values, originOf: () => ({ layer: 'named' }) },
    schemaOf(schema),
  );
  // The sections around values are not worth a word.
  const said = assignments.filter(
    ({ operation, value }) => operation === 'replace' || !isPlainObject(value),
  );
  return {
    name,
    extends: namesIn(bases, `the named config "${name}"`),
    sets: said.map(({ operation, path, value }) => ({
      key: SIGNS[operation].join(pathText(path)),
      ...(operation !== 'unset' && { value: toJson(value) }),
    })),
  };
}
