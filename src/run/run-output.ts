import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_FILES } from '../core/layout.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { announceEnd, announceStart, endLine, startLine } from '../logging/command-lines.ts';
import { captureOutput, releaseOutput } from '../logging/output-capture.ts';
import { OutputLog } from '../logging/output-log.ts';
import type { Ending } from './ending.ts';
import type { Run } from './run.ts';

/** What a run prints in a process that nobody reads: kept in its output log, from start to end. */
export class RunOutput {
  readonly #spec: RunSpec;
  readonly #run: Run;
  readonly #isAnnounced: boolean;
  readonly #log = new OutputLog();

  /** @param isAnnounced true to say on stderr that the command starts and how it ends. */
  constructor(spec: RunSpec, run: Run, isAnnounced: boolean) {
    this.#spec = spec;
    this.#run = run;
    this.#isAnnounced = isAnnounced;
    this.#log.open(spec.dir);
    this.#log.line(startLine(spec));
    captureOutput(run, this.#log);
    if (isAnnounced) announceStart(spec);
  }

  end({ status, reason, error }: Ending, seconds: number | undefined): void {
    const end = { status, seconds, reason };
    releaseOutput(this.#run);
    this.#log.flush();
    if (error?.stack !== undefined) this.#log.line(error.stack);
    this.#log.line(endLine(this.#spec, end));
    this.#log.close();
    if (this.#isAnnounced) announceEnd(this.#spec, end);
  }

  /** Adds another ending, which came to light after the first. */
  amend({ status, reason, error }: Ending): void {
    const stack = error?.stack === undefined ? '' : `${error.stack}\n`;
    const end = endLine(this.#spec, { status, reason });
    appendFileSync(join(this.#spec.dir, RUN_FILES.output), `${stack}${end}\n`);
  }
}
