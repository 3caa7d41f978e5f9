import { capturedCall } from './captured-call.ts';
import { latency } from './latency.ts';
import { memory } from './memory.ts';
import { throughput } from './throughput.ts';

// npm run bench [-- --only throughput --rows 20000 --rounds 3]
const benchmarks: Readonly<Record<string, () => Promise<void>>> = {
  throughput,
  latency,
  memory,
  'captured-call': capturedCall,
};
const at = process.argv.indexOf('--only');
const only = at < 0 ? undefined : process.argv[at + 1];
if (only !== undefined && !Object.hasOwn(benchmarks, only)) {
  throw new Error(`No benchmark "${only}". There are: ${Object.keys(benchmarks).join(', ')}.`);
}
for (const [name, run] of Object.entries(benchmarks)) {
  if (only === undefined || only === name) await run();
}
