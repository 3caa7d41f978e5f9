/** What a sweep has before it, as far as it is known. Times are milliseconds. */
export interface RemainingWork {
  /** Runs at once. */
  readonly slots: number;
  /** Runs that have not started. */
  readonly waiting: number;
  /** What those take altogether; `undefined` as long as no run has ended. */
  readonly waitingMs: number | undefined;
  readonly running: readonly RunningWork[];
}

interface RunningWork {
  readonly elapsedMs: number;
  /** From its start to its end; `undefined` as long as no run has ended. */
  readonly expectedMs: number | undefined;
}

/** How long a sweep will still take. */
export interface Remaining {
  readonly ms: number;
  /** True where no run has ended yet: it will take longer than this. */
  readonly isLeast: boolean;
}

/** A run that takes longer than expected is taken to need this share of its time once more. */
const OVERDUE_SHARE = 0.1;

/**
 * Estimates how long a sweep will still take, if every slot that is free takes the next run. Before
 * the first end it is what remains if all runs take as long as the longest one up to now, and
 * `undefined` where nothing waits.
 */
export function estimateRemaining(work: RemainingWork): Remaining | undefined {
  const { waiting, waitingMs, running } = work;
  const slots = Math.max(work.slots, running.length, 1);
  const longest = Math.max(0, ...running.map(({ elapsedMs }) => elapsedMs));
  if (waitingMs === undefined) {
    const rounds = Math.ceil(waiting / slots);
    return rounds === 0 || longest === 0 ? undefined : { ms: rounds * longest, isLeast: true };
  }
  const free = running.map(({ elapsedMs, expectedMs = elapsedMs }) =>
    Math.max(expectedMs - elapsedMs, OVERDUE_SHARE * elapsedMs),
  );
  while (free.length < slots) free.push(0);
  const last = Math.max(...free);
  const each = waiting === 0 ? 0 : waitingMs / waiting;
  return { ms: each === 0 ? last : Math.max(last, allDone(free, waiting, each)), isLeast: false };
}

const BISECTIONS = 40;

/** When `count` runs that take `each` are over, on slots that become free at the times given. */
function allDone(free: readonly number[], count: number, each: number): number {
  const ended = (time: number): number =>
    free.reduce((sum, from) => sum + Math.max(0, Math.floor((time - from) / each)), 0);
  let [early, late] = [0, Math.min(...free) + (count + 1) * each];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (early + late) / 2;
    if (ended(middle) >= count) late = middle;
    else early = middle;
  }
  return late;
}
