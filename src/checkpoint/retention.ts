import type { CheckpointInfo, CheckpointReason } from './list.ts';
import type { CheckpointPolicy } from '../core/checkpoint-policy.ts';
import { isOnGap } from './policy.ts';

/** What a call that asks for a checkpoint is judged by. */
export interface Call {
  readonly call: number;
  readonly metric?: number | undefined;
  readonly force?: boolean | undefined;
}

/** Why a call is saved; `undefined` if the policy keeps none of it. */
export function reasonFor(
  policy: CheckpointPolicy,
  { call, metric, force }: Call,
  saved: readonly CheckpointInfo[],
): CheckpointReason | undefined {
  switch (policy.mode) {
    case 'none':
      return undefined;
    case 'all':
      return 'all';
    case 'last':
      return 'last';
    case 'best':
      return isAmongBest(policy, metric, saved) ? 'best' : 'last';
    default:
      if (isOnGap(call, policy.gap!)) return 'gap';
      if (policy.mode === 'last+gap') return 'last';
      return force === true ? 'forced' : undefined;
  }
}

/** The checkpoints that go, now that the last one of the list is on the disk. */
export function superfluous(
  policy: CheckpointPolicy,
  saved: readonly CheckpointInfo[],
): readonly CheckpointInfo[] {
  const newest = saved.at(-1)!;
  // one that is only there in case of an end takes nobody's place
  if (newest.reason === 'forced') return saved.slice(0, -1).filter(isForced);
  const stays = new Set<CheckpointInfo>([newest, ...kept(policy, saved)]);
  return saved.filter((info) => !stays.has(info));
}

function kept(
  policy: CheckpointPolicy,
  saved: readonly CheckpointInfo[],
): readonly CheckpointInfo[] {
  const { mode, keep } = policy;
  switch (mode) {
    case 'all':
      return lastOf(
        saved.filter((info) => !isForced(info)),
        keep,
      );
    case 'last':
      return lastOf(saved, keep ?? 1);
    case 'best':
      return bestOf(policy, saved);
    case 'gap':
    case 'last+gap':
      return lastOf(
        saved.filter((info) => info.reason === 'gap'),
        keep,
      );
    default:
      return saved;
  }
}

function isForced(info: CheckpointInfo): boolean {
  return info.reason === 'forced';
}

function lastOf(saved: readonly CheckpointInfo[], count = Infinity): readonly CheckpointInfo[] {
  return count === Infinity ? saved : saved.slice(-count);
}

function bestOf(
  { direction, keep = 1 }: CheckpointPolicy,
  saved: readonly CheckpointInfo[],
): readonly CheckpointInfo[] {
  const sign = direction === 'maximize' ? -1 : 1;
  return saved
    .filter((info) => info.metric !== undefined)
    .sort((a, b) => sign * (a.metric! - b.metric!) || a.call - b.call)
    .slice(0, keep);
}

function isAmongBest(
  policy: CheckpointPolicy,
  metric: number | undefined,
  saved: readonly CheckpointInfo[],
): boolean {
  if (metric === undefined || Number.isNaN(metric)) return false;
  const best = bestOf(policy, saved);
  if (best.length < (policy.keep ?? 1)) return true;
  const worst = best.at(-1)!.metric!;
  return policy.direction === 'maximize' ? metric > worst : metric < worst;
}
