import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExpError } from '../core/errors.ts';
import { isPlainObject, jsonText } from '../core/json.ts';
import { RUN_FILES } from '../core/layout.ts';
import type { Launcher, LaunchOptions, Outcome, Slot } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { prepareRunDir } from '../store/start-over.ts';
import { saveVariant } from '../store/variant-file.ts';
import { notStarted } from './not-started.ts';
import type { Command } from './pinning.ts';
import { ProgramRecord } from './program-record.ts';
import { programCall, type ProgramCall } from './program-variables.ts';
import { runProcess } from './run-process.ts';

/**
 * Starts any program for each run, which knows nothing of us: it gets the run's directory, seed and
 * values by placeholders and by its environment, and its manifest is kept for it.
 */
export class ExecLauncher implements Launcher {
  readonly name = 'exec';
  readonly #echo: boolean;

  /** @param echo true to pass on what programs print. */
  constructor({ echo = false }: { readonly echo?: boolean } = {}) {
    this.#echo = echo;
  }

  async run(spec: RunSpec, slot: Slot, options: LaunchOptions): Promise<Outcome> {
    let call: ProgramCall;
    try {
      call = programCall(spec, slot);
      prepareRunDir(spec);
      writeVariants(spec);
    } catch (error) {
      return notStarted(spec, error);
    }
    const record = new ProgramRecord(spec, slot, options.onProgress);
    return runProcess(
      { spec, slot, command: commandOf(spec, call) },
      {
        ...options,
        echo: this.#echo,
        onBegin: (pid) => record.start(pid, call.words),
        onOver: (verdict) => record.end(verdict),
      },
    );
  }
}

/**
 * Files a program finds its values in: those that vary, by path, in `variant.json`, and all that were
 * given in `variant_config.json`, which programs of rlpyt and exptools load.
 */
function writeVariants(spec: RunSpec): void {
  const { config, dir, program, sweep } = spec;
  if (sweep === undefined) writeFileSync(join(dir, RUN_FILES.variant), jsonText({}));
  const { seed, ...others } = isPlainObject(config) ? config : {};
  // Scripts refuse values that they know nothing of; the seed comes by other ways.
  const isSwept = sweep !== undefined && 'seed' in sweep.variant;
  const given = { ...others, ...(isSwept && { seed }) };
  saveVariant(given, dir);
  if (program?.logDir !== undefined) saveVariant(given, program.logDir);
}

function commandOf({ program }: RunSpec, { words, env }: ProgramCall): Command {
  const [file, ...args] = words;
  if (file === undefined) throw new ExpError('EXP_LAUNCH', 'The command has no words.');
  return {
    file,
    args,
    env: {
      // What Python prints into a pipe would wait for its end, and be lost with a kill.
      PYTHONUNBUFFERED: '1',
      ...process.env,
      ...env,
    },
    ...(program !== undefined && { cwd: program.cwd }),
    isForeign: true,
  };
}
