import type { Slot } from '../core/launcher.ts';
import { allowedCpus, cpuCount } from '../launch/cpus.ts';
import { visibleGpus } from '../launch/gpus.ts';
import { readMachine, type Machine } from '../launch/machine.ts';
import { parseNeeds, type Needs } from '../launch/needs.ts';
import { canPin } from '../launch/pinning.ts';
import { planForNeeds, type SlotPlan } from '../launch/planner.ts';
import { planSlots } from '../launch/slots.ts';

/** The flags that say how a machine is shared out. */
export interface SlotFlags {
  readonly slots?: number;
  readonly affinity?: string;
}

/**
 * Reads the flags, and returns what makes slots for so many runs: shares by need where `--affinity`
 * asks for them, and otherwise one for every CPU, or even shares for `--slots`.
 * @throws ExpError (`EXP_USAGE`) at once for needs that cannot be read; what is returned throws where
 * the machine has no room for them.
 */
export function slotChooser({ slots, affinity }: SlotFlags): (runs: number) => SlotPlan {
  const isAsked = affinity !== undefined;
  const needs = isAsked ? parseNeeds(affinity) : undefined;
  if (needs !== undefined) {
    const asked = { ...needs, ...(slots !== undefined && { slots }) };
    return (runs) => atMost(runs, readMachine(), asked);
  }
  return (runs) => {
    const count = Math.min(slots ?? cpuCount(), runs);
    const shared = { cpus: canPin() ? allowedCpus() : [], gpus: visibleGpus() };
    const planned: Slot[] = planSlots(count, isAsked ? { cpus: [], gpus: undefined } : shared);
    return { slots: planned, notes: isAsked || canPin() ? [] : [NO_TASKSET] };
  };
}

const NO_TASKSET = 'Runs are not pinned to CPUs: there is no taskset here.';

/** Slots for at most so many runs: with fewer of them, each may get more. */
function atMost(runs: number, machine: Machine, needs: Needs): SlotPlan {
  const { slots } = needs;
  const fewer = slots === undefined ? needs : { ...needs, slots: Math.min(slots, runs) };
  const first = planForNeeds(machine, fewer);
  const plan = first.slots.length > runs ? planForNeeds(machine, { ...needs, slots: runs }) : first;
  if (canPin()) return plan;
  const unpinned = plan.slots.map((slot) => ({ ...slot, cpus: [] }));
  return { slots: unpinned, notes: [...plan.notes, NO_TASKSET] };
}
