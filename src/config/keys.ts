import { typeText } from './type-text.ts';
import { isPlainObject } from '../core/json.ts';
import { pathText, type Path } from './path.ts';
import { alternatives, choicesOf, propertiesOf, type JsonSchema } from './json-schema.ts';

/** One key of a config, for `--help` and suggestions. */
export interface ConfigKey {
  /** Dotted path: `train.lr`. */
  readonly path: string;
  /** For people: `number > 0`, `sgd | adam`, `number[]`. */
  readonly type: string;
  readonly required: boolean;
  readonly default?: unknown;
  readonly description?: string;
  /** What has to be chosen for the key to be there: `opt.kind=adam`. */
  readonly only?: string;
}

/** Every key of a config that is not a section, in the order of the schema. */
export function configKeys(schema: JsonSchema): ConfigKey[] {
  return keysUnder(schema, { path: [], defaults: {}, isNeeded: true, within: [] });
}

/** Where in a config a section stands. */
interface Place {
  readonly path: Path;
  /** What a section that nobody mentions is; its keys have their defaults from there. */
  readonly defaults: unknown;
  /** False for a section that may be left out, with everything it requires. */
  readonly isNeeded: boolean;
  /** The sections around; one that stands inside of itself is listed as one key. */
  readonly within: readonly JsonSchema[];
}

function keysUnder(schema: JsonSchema, { path, defaults, isNeeded, within }: Place): ConfigKey[] {
  const around = [...within, ...alternatives(schema)];
  return [...propertiesOf(schema)].flatMap(([name, property]) => {
    const at = [...path, name];
    const inherited = isPlainObject(defaults) ? defaults[name] : undefined;
    const byDefault = inherited === undefined ? property.default : inherited;
    const isRequired = isNeeded && alternatives(schema).every((one) => requires(one, name));
    const isRecursive = alternatives(property).some((one) => around.includes(one));
    if (propertiesOf(property).size > 0 && !isRecursive) {
      const isThere = isNeeded && (isRequired || isPlainObject(byDefault));
      return keysUnder(property, {
        path: at,
        defaults: byDefault,
        isNeeded: isThere,
        within: around,
      });
    }
    const only = choiceOf(schema, name);
    return {
      path: pathText(at),
      ...(only !== undefined && { only: pathText([...path, only.key]) + only.choices }),
      type: typeText(property),
      required: isRequired && byDefault === undefined,
      ...(byDefault !== undefined && { default: byDefault }),
      ...(property.description !== undefined && { description: property.description }),
    };
  });
}

/** The choice that brings a key along: `kind=adam`; `undefined` for a key of all alternatives. */
function choiceOf(
  schema: JsonSchema,
  name: string,
): { readonly key: string; readonly choices: string } | undefined {
  const all = alternatives(schema).filter(({ properties }) => properties !== undefined);
  const having = all.filter(({ properties }) => properties![name] !== undefined);
  const tag = Object.keys(having[0]!.properties!).find((key) =>
    all.every((one) => choicesOf(one.properties![key] ?? {}).length > 0),
  );
  if (having.length === all.length || tag === undefined) return undefined;
  const choices = having.flatMap((one) => choicesOf(one.properties![tag]!)).join(' or ');
  return { key: tag, choices: `=${choices}` };
}

function requires(schema: JsonSchema, name: string): boolean {
  return schema.required?.includes(name) === true;
}
