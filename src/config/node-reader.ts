import { dirname, extname, relative, resolve } from 'node:path';
import type { Alias, Document, LineCounter, Node, Pair, Scalar } from 'yaml';
import { ExpError, isExpError } from '../core/errors.ts';
import { isPlainObject } from '../core/json.ts';
import type { Place } from '../core/place.ts';
import { yaml } from '../formats/yaml.ts';
import { readKey } from './assignment.ts';
import { followKey, isOpen, type JsonSchema } from './json-schema.ts';
import { parseValue } from './parse-value.ts';
import type { Path } from './path.ts';
import { namedBy } from './read-text.ts';

/** What a file says, and where in it, or in files it refers to, each part stands. */
export interface FileValue {
  readonly value: unknown;
  readonly placeOf: (path: Path) => Place | undefined;
}

/** Reads another file that this one names. */
export type Refer = (file: string, schema: JsonSchema | 'open') => FileValue;

/** Turns the nodes of one file, JSON or YAML, into values. */
export class NodeReader {
  readonly #places = new Map<string, Place>();
  readonly #file: string;
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #refer: Refer;
  /** The nodes that are being read, each inside of the one before. */
  readonly #reading = new Set<unknown>();

  constructor(file: string, document: Document, lines: LineCounter, refer: Refer) {
    this.#file = file;
    this.#document = document;
    this.#lines = lines;
    this.#refer = refer;
  }

  /** Where a part of the file stands. */
  placeOf(path: Path): Place | undefined {
    return this.#places.get(keyOf(path));
  }

  /** The value of a node that stands at a path, for a key of the given schema. */
  valueOf(node: unknown, schema: JsonSchema | 'open' | undefined, path: Path): unknown {
    if (yaml().isAlias(node)) return this.valueOf(this.#target(node), schema, path);
    if (yaml().isScalar(node)) return this.#scalar(node, schema, path);
    this.#reading.add(node);
    const value = this.#collection(node, schema, path);
    this.#reading.delete(node);
    return value;
  }

  #target(alias: Alias): unknown {
    const target = alias.resolve(this.#document);
    if (target === undefined) throw this.#problem(alias, `There is no &${alias.source} above`);
    if (this.#reading.has(target)) {
      throw this.#problem(alias, `*${alias.source} stands inside of what it names`);
    }
    return target;
  }

  #collection(node: unknown, schema: JsonSchema | 'open' | undefined, path: Path): unknown {
    if (yaml().isMap(node)) {
      const [merged, own] = [node.items.filter(isMerge), node.items.filter((one) => !isMerge(one))];
      return Object.fromEntries([
        ...merged.flatMap((pair) => this.#merged(pair, schema, path)),
        ...own.map((pair) => this.#entry(pair, schema, path)),
      ]);
    }
    if (!yaml().isSeq(node)) return null;
    return node.items.map((item, i) => {
      const key = String(i);
      this.#locate(item as Node, [...path, key]);
      return this.valueOf(item, followKey(schema, [key]), [...path, key]);
    });
  }

  #scalar(node: Scalar, schema: JsonSchema | 'open' | undefined, path: Path): unknown {
    const { value, source = '', type, tag } = node;
    if (typeof value === 'string' && value.startsWith('@')) {
      return value.startsWith('@@') ? value.slice(1) : this.#referred(value, schema, path);
    }
    const isWord = type === 'PLAIN' && source !== '' && tag === undefined && !isJson(this.#file);
    return isWord && typeof schema === 'object' && !isOpen(schema)
      ? byType(source, schema, value)
      : value;
  }

  #entry(pair: Pair, schema: JsonSchema | 'open' | undefined, path: Path): [string, unknown] {
    const key = this.#key(pair.key);
    const inner = [...path, key];
    this.#locate(pair.key as Node, inner);
    const child = schema === undefined || schema === 'open' ? schema : readKey(key, schema).schema;
    return [key, this.valueOf(pair.value, child, inner)];
  }

  #key(node: unknown): string {
    const key = yaml().isAlias(node) ? this.#target(node) : node;
    if (!yaml().isScalar(key)) throw this.#problem(node as Node, 'A key must be a word');
    return key.source ?? String(key.value);
  }

  /** What `<<` brings: of several maps, the first one wins, and whatever stands beside it wins over all. */
  #merged(
    { key, value }: Pair,
    schema: JsonSchema | 'open' | undefined,
    path: Path,
  ): [string, unknown][] {
    const maps = yaml().isSeq(value) ? value.items.toReversed() : [value];
    return maps.flatMap((map) => {
      const found = this.valueOf(map, schema, path);
      if (!isPlainObject(found)) throw this.#problem(key as Node, 'Only maps can be merged by <<');
      return Object.entries(found);
    });
  }

  #problem({ range }: Node, what: string): ExpError {
    const { line, col } = this.#lines.linePos(range?.[0] ?? 0);
    return new ExpError('EXP_CONFIG', `${relative('', this.#file)}:${line}:${col}: ${what}.`);
  }

  #referred(value: string, schema: JsonSchema | 'open' | undefined, path: Path): unknown {
    const file = resolve(dirname(this.#file), value.slice(1));
    const line = this.#places.get(keyOf(path))?.line;
    const who = `${relative('', this.#file)}${line === undefined ? '' : `:${line}`}`;
    const found = namedBy(who, () => this.#refer(file, schema ?? 'open'));
    this.#places.set(keyOf(path), found.placeOf([]) ?? { file, line: 1 });
    for (const inner of pathsOf(found.value)) {
      const place = found.placeOf(inner);
      if (place !== undefined) this.#places.set(keyOf([...path, ...inner]), place);
    }
    return found.value;
  }

  #locate(node: Node, path: Path): void {
    const start = node.range?.[0];
    if (start === undefined) return;
    this.#places.set(keyOf(path), { file: this.#file, line: this.#lines.linePos(start).line });
  }
}

/** A plain word as the schema understands it; what it cannot be is left for the schema to refuse. */
function byType(source: string, schema: JsonSchema, otherwise: unknown): unknown {
  try {
    return parseValue('', source, schema);
  } catch (error) {
    if (!isExpError(error)) throw error;
    return otherwise;
  }
}

function isMerge({ key }: Pair): boolean {
  return yaml().isScalar(key) && key.source === '<<' && key.type === 'PLAIN';
}

function isJson(file: string): boolean {
  return extname(file).toLowerCase() === '.json';
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}

/** The paths of all parts of a value. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}
