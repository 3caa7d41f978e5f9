import { existsSync } from 'node:fs';
import { resumePoint } from '../checkpoint/resume-point.ts';
import { checkpointsDir } from '../core/layout.ts';
import type { Launcher, LaunchOptions, Outcome, Slot } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';

/** Starts runs by another launcher; those that have a checkpoint by then go on from their newest one. */
export class ContinuingLauncher implements Launcher {
  readonly name: string;
  readonly #inner: Launcher;

  constructor(inner: Launcher) {
    this.name = inner.name;
    this.#inner = inner;
  }

  async run(spec: RunSpec, slot: Slot, options: LaunchOptions): Promise<Outcome> {
    const { resume: _, ...fresh } = spec;
    return this.#inner.run(await continued(fresh, options.onNotice), slot, options);
  }
}

/** The spec of a run that goes on where its newest checkpoint is; of one without, as it is. */
async function continued(
  spec: RunSpec,
  onNotice: (text: string) => void = (text) => process.stderr.write(`exptools: ${text}\n`),
): Promise<RunSpec> {
  if (!existsSync(checkpointsDir(spec.dir))) return spec;
  const resume = await resumePoint(spec.dir, { warn: (text) => onNotice(text) });
  return resume === undefined ? spec : { ...spec, resume };
}
