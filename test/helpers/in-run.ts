import { openRun, type OpenedRun } from '../../src/run/open-run.ts';

/** Calls `body` inside a run with this config, whose files lie under `root`. */
export async function inRun<Config extends object, T>(
  root: string,
  config: Config,
  body: (run: OpenedRun<Config>) => T,
): Promise<Awaited<T>> {
  const run = await openRun({ name: 'spec', config, root, sinks: [] });
  try {
    return await body(run);
  } finally {
    await run.close();
  }
}
