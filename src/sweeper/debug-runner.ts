import { ExpError } from '../core/errors.ts';
import type { Definition } from '../experiment/definition.ts';
import { planSweep } from '../experiment/plan.ts';
import { fileOfDefinition } from '../experiment/registry.ts';
import type { SlotFlags } from '../slots/choose-slots.ts';
import { codeFiles } from '../provenance/code-files.ts';
import { DebugLauncher, type DebugEvents } from '../worker/debug-launcher.ts';
import type { Runner } from './runner.ts';

/**
 * All runs in this process, one after the other.
 * @throws {ExpError} EXP_USAGE where several slots, or CPUs for each run, are asked for.
 */
export function debugRunner(
  definition: Definition,
  { slots, affinity }: SlotFlags,
  events: DebugEvents = {},
): Runner {
  const flag = (slots ?? 1) > 1 ? 'slots' : affinity === undefined ? undefined : 'affinity';
  if (flag !== undefined) {
    throw new ExpError(
      'EXP_USAGE',
      `The debug launcher runs everything in one process, one after the other: leave out "${flag}".`,
    );
  }
  const file = fileOfDefinition(definition);
  const plan = { slots: [{ index: 0, cpus: [] }], notes: [] };
  return {
    plan: (request) => planSweep(definition, request),
    code: () => codeFiles(file === undefined ? [] : [file]),
    chooseSlots: () => plan,
    claim: () => Promise.resolve({ ...plan, release: () => {} }),
    launcher: new DebugLauncher(definition, events),
  };
}
