import { z } from 'zod';
import { defineExperiment } from '../../src/experiment/experiment.ts';
import type { Run } from '../../src/run/run.ts';

let count = 0;

/** Calls `body` inside a run with this config, whose files lie under `root`. */
export async function inRun<Config extends object, T>(
  root: string,
  config: Config,
  body: (run: Run<Config>) => T,
): Promise<Awaited<T>> {
  let result!: Awaited<T>;
  const options = { name: `in-run-${++count}`, config: z.looseObject({}), sinks: [] };
  const experiment = defineExperiment<Record<string, unknown>>(options, async (run) => {
    result = await body(run as unknown as Run<Config>);
  });
  await experiment.run(config, { root });
  return result;
}
