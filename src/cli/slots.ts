import pc from 'picocolors';
import { jsonText } from '../core/json.ts';
import { terminalColumns } from '../core/terminal.ts';
import { readMachine } from '../slots/machine.ts';
import { parseNeeds } from '../slots/needs.ts';
import type { SlotPlan } from '../slots/planner.ts';
import { othersClaims } from '../slots/claim-slots.ts';
import { leftOf, planFree, takenText } from '../slots/free-plan.ts';
import { slotsPicture } from './slots-picture.ts';

/** The flags of `run-exp slots`. */
export interface SlotsFlags {
  readonly affinity: string;
  readonly json?: boolean;
}

const UNPINNED: SlotPlan = {
  slots: [],
  notes: ['With --affinity none, runs are not pinned, and see all GPUs.'],
};
const WAITING: SlotPlan = {
  slots: [],
  notes: ['Nothing is free: a sweep would wait, unless it says --affinity none.'],
};

/** Shows this machine, what others have of it, and how runs with such needs would share it; starts nothing. */
export function slots({ affinity, json = false }: SlotsFlags): void {
  const needs = parseNeeds(affinity);
  const machine = readMachine();
  const claims = othersClaims();
  const plan = needs === undefined ? UNPINNED : planFree(Infinity, machine, needs, claims);
  const { slots: planned, notes: said } = plan ?? WAITING;
  const taken = takenText(machine, claims).filter((text) => !said.join().includes(text));
  const notes = [...said, ...taken.map((text) => `${text}.`)];
  if (json) {
    process.stdout.write(jsonText({ machine, slots: planned, claims, notes }));
    return;
  }
  const lines = notes.map((note) => `${pc.yellow('note')}  ${note}\n`);
  const left = leftOf(machine, claims);
  const picture = slotsPicture(machine, planned, {
    left,
    columns: terminalColumns(process.stdout),
  });
  process.stdout.write(`${picture}\n${lines.length === 0 ? '' : `\n${lines.join('')}`}`);
}
