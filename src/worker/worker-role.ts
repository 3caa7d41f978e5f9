import { processState } from '../core/process-state.ts';

const role = processState('role', () => ({ isWorker: false }));

/** Says that this process is one that a launcher has started, to load the user's file in. */
export function becomeWorker(): void {
  role.isWorker = true;
}

/** True in a process that a launcher has started. */
export function isWorker(): boolean {
  return role.isWorker;
}
