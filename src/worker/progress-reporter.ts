import type { RunProgress } from '../core/launcher.ts';
import { measures, type Objective } from '../core/objective.ts';
import type { Run } from '../run/run.ts';

const EVERY_MS = 200;
const MOST_METRICS = 8;

/** Tells of a run's progress when it writes a row, at most five times a second; what it is judged by first. */
export function progressReporter(
  objective: Objective | undefined,
  tell: (progress: RunProgress) => void,
): (run: Run, step: number) => void {
  let toldAt = -Infinity;
  return ({ summary }, step) => {
    const now = performance.now();
    if (now - toldAt < EVERY_MS) return;
    toldAt = now;
    const numbers = Object.entries(summary).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    );
    const judged = numbers.filter(([tag]) => measures(objective, tag));
    const metrics = Object.fromEntries([...judged, ...numbers].slice(0, MOST_METRICS));
    tell({ step, metrics });
  };
}
