import { ExpError, suggest } from '../core/errors.ts';
import type { CheckpointPolicy } from '../core/checkpoint-policy.ts';

/** The modes, as a flag spells them. */
const FORMS = ['all', 'last', 'none', 'gap:5', 'last+gap:5', 'best:accuracy:max:3'] as const;

const DIRECTIONS = {
  min: 'minimize',
  max: 'maximize',
  minimize: 'minimize',
  maximize: 'maximize',
} as const;

/**
 * Reads a policy from a flag: `all`, `last`, `none`, `gap:5`, `last+gap:5`, `best:accuracy:max:3`. A
 * number at the end of the others says how many are kept: `last:2`, `all:10`, `gap:5:3`.
 * @throws {ExpError} EXP_CHECKPOINT
 */
export function parseCheckpointFlag(text: string): CheckpointPolicy {
  const [mode = '', ...rest] = text.split(':');
  switch (mode) {
    case 'none':
      noMore(text, rest);
      return { mode };
    case 'all':
    case 'last':
      return { mode, ...keepOf(text, rest) };
    case 'gap':
    case 'last+gap':
      return { mode, gap: count(text, 'gap', rest[0]), ...keepOf(text, rest.slice(1)) };
    case 'best':
      return bestOf(text, rest);
    default: {
      const names = FORMS.map((form) => form.replace(/:.*/, ''));
      return fail(text, `"${mode}" is no mode`, suggest(mode, names));
    }
  }
}

// A tag may hold colons, so what is behind it is looked for at the end.
function bestOf(text: string, rest: readonly string[]): CheckpointPolicy {
  const parts = [...rest];
  const keep = /^\d+$/.test(parts.at(-1) ?? '') && parts.length > 1 ? parts.pop() : undefined;
  const word = parts.length > 1 ? parts.at(-1)! : '';
  const isDirection = Object.hasOwn(DIRECTIONS, word);
  if (isDirection) parts.pop();
  const metric = parts.join(':');
  if (metric === '') fail(text, 'it names no metric: best:accuracy:max');
  return {
    mode: 'best',
    metric,
    ...(isDirection && { direction: DIRECTIONS[word as keyof typeof DIRECTIONS] }),
    ...(keep !== undefined && { keep: count(text, 'number to keep', keep) }),
  };
}

function keepOf(text: string, rest: readonly string[]): { readonly keep?: number } {
  if (rest.length === 0) return {};
  noMore(text, rest.slice(1));
  return { keep: count(text, 'number to keep', rest[0]) };
}

function noMore(text: string, rest: readonly string[]): void {
  if (rest.length > 0) fail(text, `":${rest.join(':')}" is too much`);
}

function count(text: string, what: string, digits: string | undefined): number {
  if (digits !== undefined && /^[1-9]\d{0,14}$/.test(digits)) return Number(digits);
  return fail(text, `the ${what} must be a whole number above 0, got "${digits ?? ''}"`);
}

function fail(text: string, why: string, hint?: string): never {
  const end = hint ?? `Write one of ${FORMS.join(', ')}.`;
  throw new ExpError('EXP_CHECKPOINT', `"${text}" is no checkpoint policy: ${why}. ${end}`);
}
