import { readFileSync } from 'node:fs';
import type * as Yaml from 'yaml';
import { ExpError, messageOf } from '../core/errors.ts';
import { yaml } from '../formats/yaml.ts';
import type { Problem } from './check-config.ts';

/** What a YAML or JSON file holds. */
export interface DataFile {
  readonly value: unknown;
  /** The line that a value, or an unknown key, stands in; counted from 1. */
  readonly lineOf: (path: Problem['path']) => number | undefined;
}

/**
 * Reads a project file that is data, without waiting.
 * @throws {ExpError} EXP_CONFIG with one line for every place that does not parse.
 */
export function readDataFile(file: string): DataFile {
  const { LineCounter, parseDocument } = yaml();
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new ExpError('EXP_CONFIG', `Cannot read "${file}": ${messageOf(error)}.`, {
      cause: error,
    });
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const errors = document.errors.map(({ pos: [at], message }) => ({ at, message }));
  // YAML takes nearly all of JSON and more: comments, words without quotes.
  if (file.endsWith('.json') && errors.length === 0) errors.push(...jsonErrors(text));
  if (errors.length > 0) {
    const lines = errors.map(
      ({ at, message }) => `${placeText(file, lineCounter.linePos(at).line)}: ${message}`,
    );
    throw new ExpError('EXP_CONFIG', lines.join('\n'));
  }
  return {
    // An empty file sets nothing, and marks the project's directory all the same.
    value: document.toJS() ?? {},
    lineOf: (path) => lineOf(document, lineCounter, path),
  };
}

/** `FILE:LINE`, or just the file. */
export function placeText(file: string, line: number | undefined): string {
  return line === undefined ? file : `${file}:${line}`;
}

function jsonErrors(text: string): { at: number; message: string }[] {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    const message = messageOf(error);
    const at = /position (\d+)/.exec(message)?.[1];
    return [{ at: at === undefined ? text.length : Number(at), message }];
  }
}

function lineOf(
  document: Yaml.Document,
  lineCounter: Yaml.LineCounter,
  path: Problem['path'],
): number | undefined {
  const { isMap, isScalar, isSeq } = yaml();
  const holder = document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  let node: unknown = document.contents;
  if (path.length > 0 && isSeq(holder)) node = holder.items[Number(last)];
  if (path.length > 0 && isMap(holder)) {
    const isIt = ({ key }: Yaml.Pair): boolean =>
      isScalar(key) ? key.value === last : key === last;
    node = holder.items.find(isIt)?.key;
  }
  const range = (node as Yaml.Node | null | undefined)?.range;
  return range === undefined || range === null ? undefined : lineCounter.linePos(range[0]).line;
}
