import pc from 'picocolors';
import { jsonText } from '../core/json.ts';
import { terminalColumns } from '../core/terminal.ts';
import { readMachine } from '../launch/machine.ts';
import { parseNeeds } from '../launch/needs.ts';
import { canPin } from '../launch/pinning.ts';
import { planForNeeds, type SlotPlan } from '../launch/planner.ts';
import { NO_TASKSET } from '../launch/choose-slots.ts';
import { slotsPicture } from './slots-picture.ts';

/** The flags of `run-exp slots`. */
export interface SlotsFlags {
  readonly affinity: string;
  readonly json?: boolean;
}

/** Shows this machine, and how runs with such needs would share it; starts nothing. */
export function slots({ affinity, json = false }: SlotsFlags): void {
  const needs = parseNeeds(affinity);
  const machine = readMachine();
  const unpinned: SlotPlan = {
    slots: [],
    notes: ['With --affinity none, runs are not pinned, and see all GPUs.'],
  };
  const plan = needs === undefined ? unpinned : planForNeeds(machine, needs);
  const notes = needs === undefined || canPin() ? plan.notes : [...plan.notes, NO_TASKSET];
  if (json) {
    process.stdout.write(jsonText({ machine, slots: plan.slots, notes }));
    return;
  }
  const lines = notes.map((note) => `${pc.yellow('note')}  ${note}\n`);
  const picture = slotsPicture(machine, plan.slots, terminalColumns(process.stdout));
  process.stdout.write(`${picture}\n${lines.length === 0 ? '' : `\n${lines.join('')}`}`);
}
