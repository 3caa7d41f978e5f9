import { isPlainObject } from '../core/json.ts';

/**
 * Results with others added, of which the later win. What is no object stands under `result` beside
 * the values of one that is.
 */
export function mergedResults(earlier: unknown, later: unknown): unknown {
  if (earlier === undefined) return later;
  return { ...asObject(earlier), ...asObject(later) };
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return isPlainObject(value) ? value : { result: value };
}
