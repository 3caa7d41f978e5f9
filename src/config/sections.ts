import { isPlainObject } from '../core/json.ts';
import { alternatives, propertiesOf, type JsonSchema } from './json-schema.ts';
import { pathText, type Path } from './path.ts';

/** A section of a config, for `--help`. */
export interface ConfigSection {
  /** Dotted path. */
  readonly path: string;
  readonly description?: string;
  /** True where it takes keys that are not declared. */
  readonly isOpen: boolean;
}

/** Every section of a config that declares keys, in the order of the schema, outer ones first. */
export function configSections(schema: JsonSchema): ConfigSection[] {
  return sectionsUnder(schema, [], []);
}

function sectionsUnder(
  schema: JsonSchema,
  path: Path,
  within: readonly JsonSchema[],
): ConfigSection[] {
  const around = [...within, ...alternatives(schema)];
  return [...propertiesOf(schema)].flatMap(([name, property]) => {
    const isRecursive = alternatives(property).some((one) => around.includes(one));
    if (propertiesOf(property).size === 0 || isRecursive) return [];
    const { description } = property;
    const at = [...path, name];
    const section = {
      path: pathText(at),
      ...(description !== undefined && { description }),
      isOpen: takesAnyKey(property),
    };
    return [section, ...sectionsUnder(property, at, around)];
  });
}

/** True for a section that takes keys which are not declared. */
export function takesAnyKey(schema: JsonSchema): boolean {
  return alternatives(schema).some(
    ({ additionalProperties: rest }) => rest === true || isPlainObject(rest),
  );
}
