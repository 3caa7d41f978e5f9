import { ExpError } from './errors.ts';
import { LONGEST_TIMEOUT_MS } from './longest-timeout.ts';

const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const;
type Unit = keyof typeof UNITS;

const LONGEST = Math.floor(LONGEST_TIMEOUT_MS / UNITS.d);

/**
 * Reads a duration as people write it, and returns milliseconds: `90s`, `2h`, `1h30m`, `1.5d`.
 * @throws {ExpError} EXP_USAGE for anything else, for nothing, and for more than a timer can wait.
 */
export function parseDuration(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) {
    throw new ExpError('EXP_USAGE', `"${text}" has no unit. Write ${text}s, ${text}m or ${text}h.`);
  }
  const match = /^(?:([\d.]+)d)?(?:([\d.]+)h)?(?:([\d.]+)m)?(?:([\d.]+)s)?$/.exec(text);
  const amounts = (match ?? []).slice(1).map((amount) => Number(amount ?? 0));
  const sizes = Object.values(UNITS);
  const ms = Math.round(amounts.reduce((sum, amount, i) => sum + amount * sizes[i]!, 0));
  if (match === null || text === '' || Number.isNaN(ms)) {
    throw new ExpError(
      'EXP_USAGE',
      `"${text}" is no duration. Write a number and s, m, h or d, or several: 90s, 2h, 1h30m.`,
    );
  }
  if (ms > 0 && ms <= LONGEST_TIMEOUT_MS) return ms;
  throw new ExpError('EXP_USAGE', `"${text}" must be more than nothing and at most ${LONGEST}d.`);
}

/** Milliseconds as {@link parseDuration} reads them: `1h30m`, `0.25s`. */
export function formatDuration(ms: number): string {
  let rest = ms;
  const parts = (Object.keys(UNITS) as Unit[]).map((unit) => {
    const size = UNITS[unit];
    const amount = unit === 's' ? rest / size : Math.floor(rest / size);
    rest -= amount * size;
    return amount === 0 ? '' : `${amount}${unit}`;
  });
  return parts.join('') || '0s';
}
