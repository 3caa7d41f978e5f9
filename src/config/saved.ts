import { Document, isMap, isScalar, visit, type Node, type YAMLMap } from 'yaml';
import { isPlainObject, jsonText } from '../core/json.ts';
import type { ConfigKey } from './keys.ts';
import { pathText, type Path } from './path.ts';
import { followKey, type JsonSchema } from './json-schema.ts';

/**
 * Values that compose to exactly these: where an object lacks keys its default has, it is marked to
 * replace the default, since objects are merged otherwise.
 */
export function exactValues(value: unknown, schema: JsonSchema | 'open' | undefined): unknown {
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const child = followKey(schema, [key]);
      const byDefault = typeof child === 'object' ? child.default : undefined;
      const isShort =
        isPlainObject(inner) &&
        isPlainObject(byDefault) &&
        Object.keys(byDefault).some((name) => !Object.hasOwn(inner, name));
      return isShort ? [`${key}:`, inner] : [key, exactValues(inner, child)];
    }),
  );
}

/** A config to be saved. */
export interface SavedConfig {
  /** As {@link exactValues} gives them. */
  readonly values: unknown;
  /** Values that follow from others and are not saved, by path. */
  readonly derived: Readonly<Record<string, unknown>>;
  readonly keys: readonly ConfigKey[];
}

/** A config as the text of a JSON file. */
export function configAsJson({ values }: SavedConfig): string {
  return jsonText(escaped(values));
}

/** A config as the text of a YAML file, with the descriptions of its keys for comments. */
export function configAsYaml({ values, derived, keys }: SavedConfig): string {
  const document = new Document(escaped(values));
  // A list of plain values reads best on one line.
  visit(document, {
    Seq: (_, list) => {
      if (list.items.every((item) => isScalar(item))) list.flow = true;
    },
  });
  if (isMap(document.contents)) {
    const descriptions = new Map(keys.map((key) => [key.path, key.description]));
    describe(document.contents, [], descriptions);
  }
  const lines = Object.entries(derived).map(([key, value]) => ` ${key}: ${JSON.stringify(value)}`);
  if (lines.length > 0) document.comment = [' Derived from the values above:', ...lines].join('\n');
  return document.toString({ flowCollectionPadding: false });
}

/** In config files, text that begins with `@` names a file. */
function escaped(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith('@') ? `@${value}` : value;
  if (Array.isArray(value)) return value.map(escaped);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, escaped(inner)]));
}

function describe(
  map: YAMLMap,
  path: Path,
  descriptions: ReadonlyMap<string, string | undefined>,
): void {
  for (const { key, value } of map.items) {
    const name = String(isScalar(key) ? key.value : key);
    const description = descriptions.get(pathText([...path, name]));
    if (description !== undefined) {
      (key as Node).commentBefore = description.replaceAll(/^/gm, ' ');
    }
    if (isMap(value)) describe(value, [...path, name], descriptions);
  }
}
