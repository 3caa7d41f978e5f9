import type { Manifest } from '../core/manifest.ts';
import { StoredRun } from '../store/stored-run.ts';

/** What the sinks of a run lost, a line each. */
export function lossTexts({ degraded = [] }: Manifest): string[] {
  return degraded.map(({ sink, rows, reason }) => {
    if (rows === 0) return `${sink} failed at its end: ${reason}`;
    return `${sink} lost ${rows} row${rows === 1 ? '' : 's'}: ${reason}`;
  });
}

/** The same for the run in a directory; nothing if that is gone. */
export function lossTextsOf(dir: string): string[] {
  try {
    return lossTexts(new StoredRun(dir).manifest);
  } catch {
    return [];
  }
}
