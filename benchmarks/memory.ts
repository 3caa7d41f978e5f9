import type { MemorySample } from './cases/memory.ts';
import { runCase } from './cases/run-case.ts';
import { option, writeResults } from './rounds.ts';

/** Whether the memory stays flat, all three sinks on and no yield: resident MiB after each tenth. */
export async function memory(): Promise<void> {
  const load = { rows: option('memory-rows', 1_000_000), keys: option('keys', 10) };
  const { residentMiB } = await runCase<MemorySample>('memory', load);
  console.log(`memory: ${load.rows} rows of ${load.keys} scalars`);
  console.log(`resident MiB after each tenth: ${residentMiB.join(' ')}`);
  writeResults('memory', { ...load, residentMiB });
}
