import { dirname, extname, relative, resolve } from 'node:path';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import { ExpError, isExpError } from '../core/errors.ts';
import type { Place } from '../core/place.ts';
import { followKey, readKey } from './assignment.ts';
import { parseValue } from './parse-value.ts';
import type { Path } from './path.ts';
import { namedBy, readText } from './read-text.ts';
import { typesOf, type JsonSchema } from './schema.ts';

/** What a file says, and where in it, or in files it refers to, each part stands. */
export interface FileValue {
  readonly value: unknown;
  readonly placeOf: (path: Path) => Place | undefined;
}

const STRUCTURED: ReadonlySet<string> = new Set(['.json', '.yaml', '.yml']);

/** True for files that hold values rather than text, by their ending. */
export function isStructured(file: string): boolean {
  return STRUCTURED.has(extname(file).toLowerCase());
}

/**
 * Reads a file for a key of the given schema: JSON and YAML as values, unless the key takes nothing
 * but text; any other file as text. In YAML, plain words are read by the schema's type, so that
 * `name: no` is text and `version: 1.10` keeps its zero where text is asked for; text that begins
 * with `@` names another file, relative to this one (`@@` is a single `@`).
 * @throws {ExpError} EXP_FILE if it cannot be read, EXP_CONFIG where its syntax is wrong.
 */
export function readValueFile(file: string, schema: JsonSchema | 'open'): FileValue {
  return read(file, schema, []);
}

function read(file: string, schema: JsonSchema | 'open', within: readonly string[]): FileValue {
  if (within.includes(file)) {
    const chain = [...within, file].map((one) => relative('', one)).join(' → ');
    throw new ExpError('EXP_CONFIG', `Files refer to each other in a circle: ${chain}.`);
  }
  const text = readText(file);
  const types = schema === 'open' ? [] : typesOf(schema);
  if (!isStructured(file) || (types.length === 1 && types[0] === 'string')) {
    return { value: text, placeOf: () => ({ file, line: 1 }) };
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, merge: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const [what] = error.message.split(/ at line \d+/);
    const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 };
    throw new ExpError('EXP_CONFIG', `${relative('', file)}:${line}:${col}: ${what}.`);
  }
  const reader = new Reader(file, document, lineCounter, [...within, file]);
  const value = reader.valueOf(document.contents, schema, []);
  return { value, placeOf: (path) => reader.places.get(keyOf(path)) };
}

/** Turns the nodes of one file into values. */
class Reader {
  /** Where each part stands, by its path. */
  readonly places = new Map<string, Place>();
  readonly #file: string;
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #within: readonly string[];

  constructor(file: string, document: Document, lines: LineCounter, within: readonly string[]) {
    this.#file = file;
    this.#document = document;
    this.#lines = lines;
    this.#within = within;
  }

  valueOf(node: unknown, schema: JsonSchema | 'open' | undefined, path: Path): unknown {
    if (isAlias(node)) return this.valueOf(node.resolve(this.#document), schema, path);
    if (isMap(node)) {
      return Object.fromEntries(node.items.flatMap((item) => this.#entries(item, schema, path)));
    }
    if (isSeq(node)) {
      return node.items.map((item, i) => {
        const key = String(i);
        this.#locate(item as Node, [...path, key]);
        return this.valueOf(item, followKey(schema, [key]), [...path, key]);
      });
    }
    if (!isScalar(node)) return null;
    const { value, source = '', type } = node;
    if (typeof value === 'string' && value.startsWith('@')) {
      return value.startsWith('@@') ? value.slice(1) : this.#referred(value, schema, path);
    }
    const isByType = type === 'PLAIN' && source !== '' && schema !== undefined && schema !== 'open';
    return isByType && !isJson(this.#file) ? byType(source, schema, value) : value;
  }

  #entries(pair: Pair, schema: JsonSchema | 'open' | undefined, path: Path): [string, unknown][] {
    const key = String(isScalar(pair.key) ? (pair.key.source ?? pair.key.value) : pair.key);
    if (key === '<<') {
      const merged = this.valueOf(pair.value, schema, path);
      return (Array.isArray(merged) ? merged : [merged]).flatMap((one) =>
        Object.entries(one as object),
      );
    }
    const inner = [...path, key];
    this.#locate(pair.key as Node, inner);
    const child = schema === undefined || schema === 'open' ? schema : readKey(key, schema).schema;
    return [[key, this.valueOf(pair.value, child, inner)]];
  }

  #referred(value: string, schema: JsonSchema | 'open' | undefined, path: Path): unknown {
    const file = resolve(dirname(this.#file), value.slice(1));
    const line = this.places.get(keyOf(path))?.line;
    const who = `${relative('', this.#file)}${line === undefined ? '' : `:${line}`}`;
    const found = namedBy(who, () => read(file, schema ?? 'open', this.#within));
    this.places.set(keyOf(path), found.placeOf([]) ?? { file, line: 1 });
    for (const inner of pathsOf(found.value)) {
      const place = found.placeOf(inner);
      if (place !== undefined) this.places.set(keyOf([...path, ...inner]), place);
    }
    return found.value;
  }

  #locate(node: Node, path: Path): void {
    const start = node.range?.[0];
    if (start === undefined) return;
    this.places.set(keyOf(path), { file: this.#file, line: this.#lines.linePos(start).line });
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
