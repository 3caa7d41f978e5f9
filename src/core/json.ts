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
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'nan';
  return value > 0 ? 'inf' : '-inf';
}

/** True for a plain object: what JSON calls an object, not an array, date or class instance. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
