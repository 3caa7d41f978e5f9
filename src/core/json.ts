import { inspect } from 'node:util';
import { numberFor, wordFor } from './special-number.ts';

/** What JSON can hold. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/**
 * JSON text for people: indented, with a final line break. Numbers JSON lacks become the words that
 * the CSV uses too (`nan`, `inf`, `-inf`), bigints their digits, so that no value turns into `null`.
 */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, spellOut, 2)}\n`;
}

/** JSON text on one line, spelled like {@link jsonText}; for messages and names. */
export function jsonLine(value: unknown): string {
  const spelled = spellOut('', value);
  if (typeof spelled === 'string' && typeof value !== 'string') return spelled;
  return JSON.stringify(value, spellOut) ?? String(value);
}

function spellOut(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'number' ? (wordFor(value) ?? value) : value;
}

/** The value as JSON keeps it; what JSON cannot hold is described in text. */
export function toJson(value: unknown): Json {
  try {
    return JSON.parse(jsonText(value)) as Json;
  } catch {
    // circular, or nothing JSON has: a description is better than no value
    return inspect(value);
  }
}

/** A number that was written by {@link jsonText}, whichever way; `undefined` for anything else. */
export function numberFromJson(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? numberFor(value) : undefined;
}

/** Marks the prototype of objects that are plain but for their prototype. */
export const SECTION: unique symbol = Symbol.for('exptools.section') as never;

/** True for a plain object: what JSON calls an object, not an array, date or class instance. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return true;
  return Object.hasOwn(prototype as object, SECTION);
}
