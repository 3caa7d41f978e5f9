import { StagedSweep } from './sweep-state.ts';

/** What is shown of a sweep at one moment. */
interface Shown {
  readonly at: number;
  readonly ended: number;
  readonly leftMs: number | undefined;
}

/** A sweep whose runs take as long as they once took, and what is shown of it every quarter of a second. */
export function replay({
  seconds,
  variants,
  slots,
}: {
  readonly seconds: readonly number[];
  readonly variants: number;
  readonly slots: number;
}): Shown[] {
  const repeats = Math.ceil(seconds.length / variants);
  const values = Array.from({ length: variants }, (_, lr) => ({ lr }));
  const sweep = new StagedSweep(values, { repeats });
  const busy: ({ run: number; until: number } | undefined)[] = Array.from({ length: slots });
  const frames: Shown[] = [];
  let [next, ended] = [0, 0];
  const total = sweep.state.plan.runs.length;
  while (ended < total) {
    for (let slot = 0; slot < slots; slot++) {
      const work = busy[slot];
      if (work !== undefined && work.until <= sweep.now) {
        sweep.end(work.run, slot);
        busy[slot] = undefined;
        ended++;
      }
      if (busy[slot] === undefined && next < total) {
        sweep.start(next, slot);
        busy[slot] = { run: next, until: sweep.now + seconds[next % seconds.length]! * 1000 };
        next++;
      }
    }
    frames.push({ at: sweep.now, ended, leftMs: sweep.state.remaining?.ms });
    sweep.now += 250;
  }
  return frames;
}
