import { isExpError } from '../core/errors.ts';
import type { Slot } from '../core/launcher.ts';
import { planRuns } from './choose-slots.ts';
import type { NamedClaim } from './claims.ts';
import type { Machine } from './machine.ts';
import type { Needs } from './needs.ts';
import type { SlotPlan } from './planner.ts';

/** What a machine has left where others have claimed parts of it: whole cores, whole GPUs. */
export function leftOf(machine: Machine, claims: readonly NamedClaim[]): Machine {
  const { cores, gpus, quota, parallelism } = machine;
  const cpus = new Set(claims.flatMap((claim) => claim.cpus));
  const ids = new Set(claims.flatMap((claim) => claim.gpus));
  const left = cores.map((core) =>
    core.cpus.some((cpu) => cpus.has(cpu)) ? { ...core, allowed: [] } : core,
  );
  const taken = coreCount(cores) - coreCount(left);
  return {
    cores: left,
    parallelism,
    // Whoever has the cores uses up the time, too.
    ...(quota !== undefined && { quota: Math.max(0, quota - taken) }),
    ...(gpus !== undefined && { gpus: gpus.filter(({ id, uuid = id }) => !ids.has(uuid)) }),
  };
}

/**
 * Shares out what is free of a machine: as it would be without claims where that is possible, and
 * otherwise with fewer slots or smaller ones, which a note says. `undefined` where not one run fits.
 * @throws ExpError (`EXP_USAGE`) where the whole machine has no room either.
 */
export function planFree(
  runs: number,
  machine: Machine,
  needs: Needs,
  claims: readonly NamedClaim[],
): SlotPlan | undefined {
  const wanted = planRuns(runs, machine, needs);
  const left = leftOf(machine, claims);
  const usesCores = wanted.slots.some(({ cpus }) => cpus.length > 0);
  const usesGpus = wanted.slots.some(({ gpus = [] }) => gpus.length > 0);
  const takenCores = coreCount(machine.cores) - coreCount(left.cores);
  const takenGpus = (machine.gpus ?? []).length - (left.gpus ?? []).length;
  if ((!usesCores || takenCores === 0) && (!usesGpus || takenGpus === 0)) return wanted;
  // Runs that are not pinned are in nobody's way but on GPUs.
  const free = usesCores ? left : { ...left, cores: [] };
  const onGpus = { gpus: needs.gpus ?? 1, share: needs.share ?? usersOfFirst(wanted.slots) };
  const asked = usesGpus ? { ...needs, ...onGpus } : needs;
  const most = Math.min(wanted.slots.length, usesCores ? slotsInTime(left, needs) : Infinity);
  for (let slots = most; slots > 0; slots--) {
    const even = tryPlan(runs, free, { ...asked, slots });
    const cores = coresEach(wanted.slots);
    const isMore = even !== undefined && coresEach(even.slots) > cores;
    const plan = isMore ? tryPlan(runs, free, { ...asked, slots, cores }) : even;
    const isPinned = plan?.slots.every(({ cpus }) => cpus.length > 0) === true;
    if (plan === undefined || (usesCores && !isPinned)) continue;
    const { notes } = usesCores ? plan : wanted;
    return { slots: plan.slots, notes: [...lessText(wanted, plan, machine, claims), ...notes] };
  }
  return undefined;
}

/** Who has what of a machine: `2 of 8 cores are taken by sweep abc of process 123`. */
export function takenText(machine: Machine, claims: readonly NamedClaim[]): string[] {
  return claims.flatMap((claim) => {
    const left = leftOf(machine, [claim]);
    const cores = coreCount(machine.cores) - coreCount(left.cores);
    const gpus = (machine.gpus ?? []).length - (left.gpus ?? []).length;
    const parts = [
      ...(cores > 0 ? [share(cores, coreCount(machine.cores), 'core')] : []),
      ...(gpus > 0 ? [share(gpus, (machine.gpus ?? []).length, 'GPU')] : []),
    ];
    if (parts.length === 0) return [];
    const are = cores + gpus === 1 ? 'is' : 'are';
    const { sweep, process } = claim;
    return [`${parts.join(' and ')} ${are} taken by sweep ${sweep} of process ${process.pid}`];
  });
}

function share(count: number, all: number, what: string): string {
  return `${count} of ${all} ${what}${all === 1 ? '' : 's'}`;
}

function tryPlan(runs: number, machine: Machine, needs: Needs): SlotPlan | undefined {
  try {
    return planRuns(runs, machine, needs);
  } catch (error) {
    if (isExpError(error)) return undefined;
    throw error;
  }
}

/** With a number of slots, time is the user's own affair. */
function slotsInTime({ quota }: Machine, { slots, cores = 1 }: Needs): number {
  return quota === undefined || slots !== undefined ? Infinity : Math.floor(quota / cores);
}

function lessText(
  wanted: SlotPlan,
  plan: SlotPlan,
  machine: Machine,
  claims: readonly NamedClaim[],
): string[] {
  const fewer = `${plan.slots.length} ${plan.slots.length === 1 ? 'slot' : 'slots'} instead of ${wanted.slots.length}`;
  const [before, now] = [coresEach(wanted.slots), coresEach(plan.slots)];
  const less =
    plan.slots.length < wanted.slots.length
      ? fewer
      : now < before
        ? `slots of ${now} cores instead of ${before}`
        : undefined;
  return less === undefined ? [] : [`${less}: ${takenText(machine, claims).join('; ')}.`];
}

/** How many runs have the GPU of the first one: GPUs are shared evenly. */
function usersOfFirst(slots: readonly Slot[]): number {
  const [first] = slots[0]?.gpus ?? [];
  return slots.filter(({ gpus = [] }) => first !== undefined && gpus.includes(first)).length;
}

function coresEach([first]: readonly Slot[]): number {
  return first?.cores ?? 0;
}

function coreCount(cores: Machine['cores']): number {
  return cores.filter(({ allowed }) => allowed.length > 0).length;
}
