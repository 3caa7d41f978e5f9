import { ExpError } from '../core/errors.ts';

const MAX_VALUES = 100_000;

/**
 * The texts of the numbers of a range.
 * @param parts what stands between its brackets.
 * @throws {ExpError} EXP_SWEEP for a range that is none.
 */
export function rangeTexts(key: string, text: string, parts: readonly string[]): string[] {
  const numbers = parts.map(Number);
  const [start, stop] = numbers.length === 1 ? [0, numbers[0]] : numbers;
  const step = numbers[2] ?? 1;
  const isValid =
    parts.length <= 3 &&
    !parts.includes('') &&
    numbers.every(Number.isFinite) &&
    start !== undefined &&
    stop !== undefined &&
    step !== 0;
  if (!isValid) {
    throw new ExpError(
      'EXP_SWEEP',
      `"${key}=${text}" is no range. Write range(stop), range(start,stop) or range(start,stop,step).`,
    );
  }
  // In binary, (1.3 - 1) / 0.1 is a little more than 3; the range means what its decimals say.
  const count = Math.max(0, Math.ceil(Number(((stop - start) / step).toPrecision(12))));
  if (count > MAX_VALUES) {
    throw new ExpError('EXP_SWEEP', `"${key}=${text}" has ${count} values; at most ${MAX_VALUES}.`);
  }
  const decimals = Math.max(decimalsOf(start), decimalsOf(step));
  return Array.from({ length: count }, (_, i) =>
    String(Number((start + i * step).toFixed(decimals))),
  );
}

/** Digits after the decimal point, as many as `toFixed` can give. */
function decimalsOf(value: number): number {
  const [, digits = '', exponent = '0'] = /(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value))!;
  return Math.min(100, Math.max(0, digits.length - Number(exponent)));
}
