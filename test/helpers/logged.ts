import { openRun, type OpenRunOptions } from '../../src/index.ts';
import { memorySink } from '../../src/testing.ts';

/** Runs `work` in a run and returns what it logged. */
export async function logged(
  root: string,
  work: () => unknown,
  options: Partial<OpenRunOptions<object>> = {},
): Promise<Record<string, unknown>[]> {
  const sink = memorySink();
  await openRun({ name: 'logging', root, sinks: [sink], ...options }, async () => {
    await work();
  });
  return sink.table();
}
