import { execFileSync } from 'node:child_process';
import { TENSORBOARD_PYTHON } from '../setup/tool-paths.ts';

/** One scalar as TensorBoard's own reader gives it; the value is a 32-bit float or its spelling. */
export interface Scalar {
  readonly step: number;
  readonly wallTime: number;
  readonly value: number;
}

// Python prints NaN and Infinity, which JSON has no words for: as text they arrive whole.
const PROGRAM = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
out = {}
for path in sys.argv[1:]:
    acc = EventAccumulator(path, size_guidance={'scalars': 0, 'tensors': 0})
    acc.Reload()
    out[path] = {tag: [[e.step, repr(e.wall_time), repr(float(e.value))] for e in acc.Scalars(tag)]
                 for tag in acc.Tags()['scalars']}
json.dump(out, sys.stdout)
`;

/** Reads the scalars of run directories with TensorBoard itself: tags by directory. */
export function readScalars(...dirs: string[]): Record<string, Record<string, Scalar[]>> {
  const output = execFileSync(TENSORBOARD_PYTHON, ['-c', PROGRAM, ...dirs], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const raw = JSON.parse(output) as Record<string, Record<string, [number, string, string][]>>;
  return mapValues(raw, (tags) =>
    mapValues(tags, (events) =>
      events.map(([step, wallTime, value]) => ({
        step,
        wallTime: Number(wallTime),
        value: toNumber(value),
      })),
    ),
  );
}

function toNumber(text: string): number {
  if (text === 'nan') return Number.NaN;
  return Number(text.replace('inf', 'Infinity'));
}

function mapValues<A, B>(object: Record<string, A>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
