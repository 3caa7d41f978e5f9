import { measureExplicit, measureInjected, measurePlain } from './cases/captured-call.ts';
import { inRounds, median, option, writeResults } from './rounds.ts';

/** What a captured function costs over a plain one. */
export async function capturedCall(): Promise<void> {
  const calls = option('calls', 500_000);
  const rounds = option('rounds', 5);
  const cases = {
    'plain call': () => measurePlain(calls),
    'captured, 3 values given': () => measureExplicit(calls),
    'captured, 3 values injected': () => measureInjected(calls),
  };
  for (const measure of Object.values(cases)) await measure(); // warm-up
  const { samples } = await inRounds(cases, rounds);
  const base = median(samples['plain call']!);
  const results = Object.entries(samples).map(([name, all]) => {
    const nanoseconds = median(all);
    return { name, nanoseconds, overPlain: Number((nanoseconds - base).toFixed(3)) };
  });
  console.log(`captured call: ${calls} calls, median of ${rounds} rounds`);
  const lines = results.map(({ name, nanoseconds, overPlain }) => [
    name,
    { 'ns a call': nanoseconds, 'ns over plain': overPlain },
  ]);
  console.table(Object.fromEntries(lines));
  writeResults('captured-call', { calls, rounds, results });
}
