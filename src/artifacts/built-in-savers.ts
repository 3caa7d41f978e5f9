import { writeFile } from 'node:fs/promises';
import { ExpError } from '../core/errors.ts';
import { isPlainObject, jsonLine, jsonText } from '../core/json.ts';
import { encodeNpy } from '../formats/npy.ts';
import { yaml } from '../formats/yaml.ts';
import { writeHashed } from './hashed.ts';
import { isNumberArray, numberArray } from './number-array.ts';
import type { Saver } from './saver.ts';

/** What `run.save` knows by itself; of those that match a value the first one is taken. */
export const BUILT_IN_SAVERS: readonly Saver[] = [
  {
    extension: ['.txt', '.md', '.log', '.html', '.svg', '.xml', '.tex'],
    matches: (value) => typeof value === 'string',
    save: (value, path) => writeFile(path, asText(value, path)),
  },
  {
    extension: '.bin',
    matches: isBytes,
    save: (value, path) => writeFile(path, asBytes(value, path)),
  },
  {
    extension: '.npy',
    matches: isNumberArray,
    save: async (value, path) => {
      const array = numberArray(path, value);
      if (array === undefined) throw wrong(path, 'numbers in a typed array or nested arrays');
      await writeHashed(encodeNpy(array), path);
    },
  },
  { extension: '.json', matches: isJson, save: saveJson },
  {
    extension: ['.jsonl', '.ndjson'],
    save: (value, path) => {
      if (!Array.isArray(value)) throw wrong(path, 'an array, an item for each line');
      return writeFile(path, value.map((item) => `${lineOf(item, path)}\n`).join(''));
    },
  },
  {
    extension: ['.yaml', '.yml'],
    save: (value, path) => {
      if (value === undefined || typeof value === 'function') throw wrong(path, 'plain values');
      return writeFile(path, yaml().stringify(value));
    },
  },
];

function saveJson(value: unknown, path: string): Promise<void> {
  const text = jsonText(value);
  if (text === 'undefined\n') throw wrong(path, 'a value that JSON has');
  return writeFile(path, text);
}

/** Values that JSON holds without losing what they are. */
function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return true;
  return Array.isArray(value) || isPlainObject(value);
}

function lineOf(item: unknown, path: string): string {
  if (typeof item !== 'object') return JSON.stringify(jsonOf(item, path));
  return jsonLine(item);
}

function jsonOf(item: unknown, path: string): unknown {
  if (item === undefined || typeof item === 'function' || typeof item === 'symbol') {
    throw wrong(path, 'items that JSON has');
  }
  return JSON.parse(jsonText(item)) as unknown;
}

function isBytes(value: unknown): boolean {
  return value instanceof Uint8Array || value instanceof ArrayBuffer || value instanceof DataView;
}

function asBytes(value: unknown, path: string): Uint8Array {
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  throw wrong(path, 'bytes, such as a Buffer or a typed array');
}

function asText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw wrong(path, 'a string');
  return value;
}

function wrong(path: string, expected: string): ExpError {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return new ExpError('EXP_USAGE', `Cannot save "${name}": such a file takes ${expected}.`);
}
