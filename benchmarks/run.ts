import { measureExplicit, measureInjected, measurePlain } from './captured-call.ts';
import { measureComposing, measureFirst, measurePlanning, measureZod } from './compose.ts';
import { latency } from './latency.ts';
import { inRounds, median, option, writeResults } from './rounds.ts';
import { throughput } from './throughput.ts';

// npm run bench [-- --only throughput --rows 20000 --rounds 3]
const rounds = option('rounds', 5);
const benchmarks: Readonly<Record<string, () => Promise<void>>> = {
  throughput,
  latency,
  'captured-call': capturedCall,
  compose,
};
const at = process.argv.indexOf('--only');
const only = at < 0 ? undefined : process.argv[at + 1];
if (only !== undefined && !Object.hasOwn(benchmarks, only)) {
  throw new Error(`No benchmark "${only}". There are: ${Object.keys(benchmarks).join(', ')}.`);
}
for (const [name, run] of Object.entries(benchmarks)) {
  if (only === undefined || only === name) await run();
}

async function capturedCall(): Promise<void> {
  const calls = option('calls', 500_000);
  const samples = await inRounds(
    {
      'plain call': () => measurePlain(calls),
      'captured, 3 values given': () => measureExplicit(calls),
      'captured, 3 values injected': () => measureInjected(calls),
    },
    rounds,
  );
  const base = median(samples['plain call']!);
  const results = Object.entries(samples).map(([name, all]) => {
    const nanoseconds = median(all);
    return { name, nanoseconds, overPlain: Number((nanoseconds - base).toFixed(3)) };
  });
  console.log(`captured call: ${calls} calls, median of ${rounds} rounds`);
  console.table(
    Object.fromEntries(
      results.map(({ name, nanoseconds, overPlain }) => [
        name,
        { 'ns a call': nanoseconds, 'ns over plain': overPlain },
      ]),
    ),
  );
  writeResults('captured-call', { calls, rounds, results });
}

async function compose(): Promise<void> {
  const samples = await inRounds(
    {
      'zod alone, values given': measureZod,
      'layers at hand, composed, validated': measureComposing,
      'a run planned': measurePlanning,
      'the first plan of a process': measureFirst,
    },
    rounds,
  );
  const results = Object.entries(samples).map(([name, all]) => ({
    name,
    milliseconds: median(all),
  }));
  console.log(`compose: 200 keys from five layers, median of ${rounds} rounds`);
  console.table(
    Object.fromEntries(
      results.map(({ name, milliseconds }) => [name, { 'ms a config': milliseconds }]),
    ),
  );
  writeResults('compose', { rounds, results });
}
