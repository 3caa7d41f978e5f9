import { ExpError } from './errors.ts';

/**
 * Reads `csv,stdout`; `none` or nothing is no sink at all.
 * @throws {ExpError} EXP_SINK for `none` beside others.
 */
export function parseSinkNames(text: string): string[] {
  const names = text.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
  if (!names.includes('none')) return [...new Set(names)];
  if (names.length === 1) return [];
  throw new ExpError('EXP_SINK', `"${text}" asks for sinks and for none. Leave out one of them.`);
}
