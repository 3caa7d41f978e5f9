import type { Sink } from '../core/sink.ts';
import { warnOnce } from '../logging/text.ts';
import { tryCurrentScope } from '../scope/scope.ts';
import { createGhostRoot, isGhostEnvironment, type GhostRoot } from '../store/ghost-root.ts';

/**
 * A run root that is removed at the end, for a run of which nothing is to be kept: because its code
 * or the environment says so, or the run it is started in is one itself. `undefined` for others.
 */
export function ghostRoot(isAsked: boolean | undefined): GhostRoot | undefined {
  const isGhost = isAsked === true || isGhostEnvironment() || tryCurrentScope()?.run.ghost === true;
  if (!isGhost) return undefined;
  // Who started us with run-exp has been told already.
  if (process.send === undefined) {
    warnOnce('Ghost mode: nothing of this run is kept. Its directory is removed at the end.');
  }
  return createGhostRoot();
}

/** The sinks, those that write files of the run with nothing to write. */
export function withoutFiles(sinks: readonly Sink[]): Sink[] {
  return sinks.map((sink) => ({
    name: sink.name,
    open(run) {
      const output = sink.open(run);
      const isKept = 'file' in output || output.writesFiles === true;
      return isKept ? { write() {} } : output;
    },
  }));
}
