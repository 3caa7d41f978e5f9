/** What became of a run. A user's own interrupt class may add a word of its own. */
export type RunStatus =
  'queued' | 'running' | 'completed' | 'failed' | 'interrupted' | 'timeout' | (string & {});

/** What readers show: one whose process is gone is `lost`; nobody writes that word. */
export type ShownStatus = RunStatus | 'lost';

/** True when no process will change this status any more. */
export function isFinished(status: RunStatus): boolean {
  return status !== 'queued' && status !== 'running';
}
