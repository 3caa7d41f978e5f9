import type { Node, YAMLMap } from 'yaml';
import { isPlainObject, jsonLine, jsonText } from '../core/json.ts';
import { yaml } from '../formats/yaml.ts';
import type { ConfigKey } from './keys.ts';
import { pathText, quotedKey, type Path } from './path.ts';
import { readKey } from './assignment.ts';
import { own } from './container.ts';
import { followKey, type JsonSchema } from './json-schema.ts';

/**
 * Values that compose to exactly these: where an object lacks keys its default has, it is marked to
 * replace the default, since objects are merged otherwise, and keys that would be read as a path
 * are quoted.
 *
 * @param byDefault what the object is if nobody mentions it.
 */
export function exactValues(
  value: unknown,
  schema: JsonSchema | 'open' | undefined,
  byDefault: unknown = typeof schema === 'object' ? schema.default : undefined,
): unknown {
  if (!isPlainObject(value) || typeof schema !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const child = followKey(schema, [key]);
      const inherited = isPlainObject(byDefault) ? own(byDefault, key) : undefined;
      const otherwise = inherited ?? (typeof child === 'object' ? child.default : undefined);
      // A schema may have a default of infinity that it would not take as a value.
      if (isInfinite(inner) && inner === otherwise) return [];
      return lacksKeys(inner, otherwise, child)
        ? [[`${nameOf(key, schema, 'replace')}:`, inner]]
        : [[nameOf(key, schema, 'put'), exactValues(inner, child, otherwise)]];
    }),
  );
}

function isInfinite(value: unknown): boolean {
  return value === Infinity || value === -Infinity;
}

/** True where merging would bring keys back. Inside of what is open, nothing can be marked. */
function lacksKeys(
  value: unknown,
  byDefault: unknown,
  schema: JsonSchema | 'open' | undefined,
): boolean {
  if (!isPlainObject(value)) return false;
  if (!isPlainObject(byDefault)) return Array.isArray(byDefault);
  return Object.entries(byDefault).some(
    ([key, inner]) =>
      !Object.hasOwn(value, key) || (schema === 'open' && lacksKeys(value[key], inner, schema)),
  );
}

/** A key as it has to be written to be read as itself. */
function nameOf(key: string, schema: JsonSchema, operation: 'put' | 'replace'): string {
  const { path, operation: read } = readKey(operation === 'put' ? key : `${key}:`, schema);
  const isRead = path.length === 1 && path[0] === key && read === operation;
  return isRead ? key : quotedKey(key);
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
  const { Document, isMap, isScalar, visit } = yaml();
  const document = new Document(escaped(values));
  visit(document, {
    // A list of plain values reads best on one line.
    Seq(_, list) {
      if (list.items.every((item) => isScalar(item))) list.flow = true;
    },
    Scalar(where, node) {
      if (typeof node.value === 'string' && needsQuotes(node.value, where === 'key')) {
        node.type = 'QUOTE_DOUBLE';
      }
    },
  });
  if (isMap(document.contents)) {
    const descriptions = new Map(keys.map((key) => [key.path, key.description]));
    describe(document.contents, [], descriptions);
  }
  const lines = Object.entries(derived).map(([key, value]) => ` ${key}: ${jsonLine(value)}`);
  if (lines.length > 0) document.comment = [' Derived from the values above:', ...lines].join('\n');
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** Plain words are read by the type of their key, keys as they stand. */
function needsQuotes(text: string, isKey: boolean): boolean {
  if (isKey) return text === '<<';
  return (
    !/^[a-z_][\w./-]*$/i.test(text) ||
    /^(inf|infinity|nan|true|false|null|yes|no|on|off)$/i.test(text)
  );
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
  const { isMap, isScalar } = yaml();
  for (const { key, value } of map.items) {
    const name = String(isScalar(key) ? key.value : key);
    const description = descriptions.get(pathText([...path, name]));
    if (description !== undefined) {
      (key as Node).commentBefore = description.replaceAll(/^/gm, ' ');
    }
    if (isMap(value)) describe(value, [...path, name], descriptions);
  }
}
