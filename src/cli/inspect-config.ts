import { ExpError } from '../core/errors.ts';
import type { SweepRequest } from '../experiment/requests.ts';
import { resolutionJson, resolutionText } from './print-config.ts';
import type { RunFlags } from './run-flags.ts';
import { configFormat, saveConfig } from './save-config.ts';
import { askWorker } from '../worker/worker-command.ts';

/**
 * Prints the config, saves it to a file, or both; runs nothing.
 * @throws {ExpError} as planning does, and EXP_FILE if the file exists.
 */
export async function inspectConfig(
  file: string,
  request: SweepRequest,
  flags: RunFlags,
): Promise<void> {
  const { experiment, verbose = false, sweep: isSweep = false } = flags;
  const subject = { file, request, ...(experiment !== undefined && { experiment }) };
  if (flags.saveConfig !== undefined) {
    if (isSweep) {
      throw new ExpError('EXP_USAGE', '--save-config saves one config. Leave out --sweep.');
    }
    const format = configFormat(flags.saveConfig);
    const text = await askWorker({ type: 'config-file', format, ...subject }, { verbose });
    saveConfig(flags.saveConfig, text);
    process.stderr.write(`The config is in ${flags.saveConfig}.\n`);
  }
  if (flags.printConfig === true) {
    const resolution = await askWorker({ type: 'resolve', isSweep, ...subject }, { verbose });
    const text =
      flags.json === true
        ? resolutionJson(resolution)
        : resolutionText(resolution, process.stdout.columns);
    process.stdout.write(text);
  }
}
