import type { Sample, Workload } from './log-path.ts';
import { runCase } from './run-case.ts';
import { inRounds, medians, option, rounded, writeResults } from './rounds.ts';

/** What one log call costs the loop it stands in, all three sinks on, beside a loop without any. */
export async function latency(): Promise<void> {
  const rounds = option('rounds', 3);
  const scalar: Workload = { rows: option('calls', 1_000_000), keys: 1 };
  const wide: Workload = { rows: option('wide-rows', 10_000), keys: 100 };
  const cases = {
    'empty loop': () => runCase('empty loop', scalar),
    'one scalar': () => runCase('all three sinks', scalar),
    'empty loop, 100 keys': () => runCase('empty loop', wide),
    '100 keys': () => runCase('all three sinks', wide),
  };
  const samples = await inRounds<Sample>(cases, rounds, { warmUp: false });
  const results = Object.entries(samples).map(([name, all]) => ({
    name,
    ...medians(all),
  }));
  console.log(`latency: ${scalar.rows} calls of one scalar, ${wide.rows} of 100; ${rounds} rounds`);
  const lines = results.map(({ name, medianUs, meanUs, p99Us, p999Us, maxUs, cpuUs }) => [
    name,
    {
      'us a call (median)': rounded(medianUs),
      'mean us': rounded(meanUs),
      'p99 us': rounded(p99Us),
      'p99.9 us': rounded(p999Us),
      'longest us': rounded(maxUs),
      'CPU us': rounded(cpuUs),
    },
  ]);
  console.table(Object.fromEntries(lines));
  writeResults('latency', { calls: scalar.rows, wideRows: wide.rows, rounds, results });
}
