import { extname, relative } from 'node:path';
import type { YAMLParseError, YAMLWarning } from 'yaml';
import { ExpError } from '../core/errors.ts';
import { yaml } from '../formats/yaml.ts';
import { typesOf, type JsonSchema } from './json-schema.ts';
import { NodeReader, type FileValue, type Refer } from './node-reader.ts';
import { readText } from './read-text.ts';

/** The endings of files that hold values. */
export const ENDINGS: readonly string[] = ['.yaml', '.yml', '.json'];

/** True for files that hold values rather than text, by their ending. */
export function isStructured(file: string): boolean {
  return ENDINGS.includes(extname(file).toLowerCase());
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
  const { LineCounter, parseDocument } = yaml();
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    merge: true,
    resolveKnownTags: false,
  });
  // A warning is about a tag that means nothing here; the value would not be what it says.
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 };
    throw new ExpError(
      'EXP_CONFIG',
      `${relative('', file)}:${line}:${col}: ${whatIsWrong(error)}.`,
    );
  }
  const refer: Refer = (other, inner) => read(other, inner, [...within, file]);
  const reader = new NodeReader(file, document, lineCounter, refer);
  const value = reader.valueOf(document.contents, schema, []);
  return { value, placeOf: (path) => reader.placeOf(path) };
}

function whatIsWrong({ code, message }: YAMLParseError | YAMLWarning): string {
  if (code === 'MULTIPLE_DOCS') return 'A second document begins here; a file holds one';
  const [what] = message.split(/ at line \d+/);
  return what!;
}
