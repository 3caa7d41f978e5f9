import { ExpError, messageOf, suggest } from '../core/errors.ts';
import { jsonLine } from '../core/json.ts';
import { parseCheckpointFlag } from './policy-flag.ts';
import type { CheckpointMode, CheckpointPolicy } from '../core/checkpoint-policy.ts';

/** The modes of a policy. */
const CHECKPOINT_MODES: readonly CheckpointMode[] = [
  'all',
  'last',
  'gap',
  'last+gap',
  'best',
  'none',
];

/** The policy of a run that names none: the newest, and the one before should that be damaged. */
export const DEFAULT_POLICY: CheckpointPolicy = { mode: 'last', keep: 2 };

const DIRECTIONS = ['minimize', 'maximize'] as const;

const OPTIONS = ['mode', 'gap', 'keep', 'metric', 'direction'] as const;

/**
 * Checks a policy, given as an object or as a flag's text.
 * @param where names the place it stands in, for messages.
 * @throws {ExpError} EXP_CHECKPOINT
 */
export function checkPolicy(value: unknown, where = 'checkpoints'): CheckpointPolicy {
  if (typeof value === 'string') return checkPolicy(parsed(value, where), where);
  if (typeof value !== 'object' || value === null) {
    return fail(
      where,
      `is no policy: ${String(value)}`,
      "Write { mode: 'last' }, or 'last+gap:5'.",
    );
  }
  for (const key of Object.keys(value)) {
    if ((OPTIONS as readonly string[]).includes(key)) continue;
    fail(where, `has no option "${key}"`, suggest(key, OPTIONS));
  }
  const { mode, gap, keep, metric, direction } = value as Partial<
    Record<keyof CheckpointPolicy, unknown>
  >;
  if (!isOneOf(CHECKPOINT_MODES, mode)) {
    return fail(where, `has no mode ${jsonLine(mode)}`, suggest(String(mode), CHECKPOINT_MODES));
  }
  const hasGap = mode === 'gap' || mode === 'last+gap';
  if (hasGap && !isCount(gap))
    fail(where, `of mode "${mode}" needs a gap above 0, got ${String(gap)}`);
  if (!hasGap && gap !== undefined)
    fail(where, `of mode "${mode}" has no gap; "gap" and "last+gap" do`);
  if (keep !== undefined && !isCount(keep))
    fail(where, `keeps a whole number above 0, got ${jsonLine(keep)}`);
  if (mode === 'none' && keep !== undefined) fail(where, 'of mode "none" keeps nothing');
  if (mode === 'best' && (typeof metric !== 'string' || metric === '')) {
    fail(where, `of mode "best" needs the metric that judges, got ${jsonLine(metric)}`);
  }
  if (mode !== 'best' && (metric ?? direction) !== undefined) {
    fail(where, `of mode "${mode}" has no metric and no direction; "best" does`);
  }
  if (direction !== undefined && !isOneOf(DIRECTIONS, direction)) {
    fail(where, `has no direction ${jsonLine(direction)}`, 'Write minimize or maximize.');
  }
  return value as CheckpointPolicy;
}

function parsed(text: string, where: string): CheckpointPolicy {
  try {
    return parseCheckpointFlag(text);
  } catch (error) {
    throw new ExpError('EXP_CHECKPOINT', `${where}: ${messageOf(error)}`);
  }
}

function isOneOf<T extends string>(known: readonly T[], value: unknown): value is T {
  return (known as readonly unknown[]).includes(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function fail(where: string, what: string, hint?: string): never {
  const end = hint === undefined ? '' : ` ${hint}`;
  throw new ExpError('EXP_CHECKPOINT', `The checkpoint policy in ${where} ${what}.${end}`);
}

/** rlpyt's rule: the first call, and then each that completes a gap, counted from 0. */
export function isOnGap(call: number, gap: number): boolean {
  return call === 0 || (call + 1) % gap === 0;
}
