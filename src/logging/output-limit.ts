import { ExpError } from '../core/errors.ts';

const DEFAULT_LIMIT = 100e6;

const UNITS: Readonly<Record<string, number>> = { '': 1, kb: 1e3, mb: 1e6, gb: 1e9 };

/**
 * How large an `output.log` may get, in bytes: `EXP_OUTPUT_LIMIT`, which may have a unit (`20MB`), or
 * 100 MB. Beyond it the middle is left out.
 * @throws {ExpError} EXP_USAGE
 */
export function outputLimit(): number {
  const text = process.env['EXP_OUTPUT_LIMIT']?.trim() ?? '';
  if (text === '') return DEFAULT_LIMIT;
  const [, digits = '', unit = ''] = /^([\d.]+)\s*([a-z]*)$/i.exec(text) ?? [];
  const bytes = Number(digits) * (UNITS[unit.toLowerCase()] ?? Number.NaN);
  if (bytes >= 1000) return bytes;
  throw new ExpError(
    'EXP_USAGE',
    `EXP_OUTPUT_LIMIT must be a size of at least 1kB, such as 20MB, got "${text}".`,
  );
}
