import { dirname } from 'node:path';
import { parseSinkNames } from '../core/sink-names.ts';
import { experimentHelp } from './help-text.ts';
import { projectAround, projectLine } from './project.ts';
import type { RunFlags } from './run-flags.ts';
import { askWorker } from '../worker/worker-command.ts';

/**
 * What the experiment of a file offers, and which project it is in.
 * @throws {ExpError} as loading the file does, and EXP_USAGE for sinks that are none.
 */
export async function fileHelp(file: string, flags: RunFlags): Promise<string> {
  const { experiment, verbose = false, sinks } = flags;
  const subject = { file, ...(experiment !== undefined && { experiment }) };
  const flag = sinks === undefined ? {} : { sinks: parseSinkNames(sinks) };
  const description = await askWorker({ type: 'describe', ...subject, ...flag }, { verbose });
  const project = projectLine(await projectAround(dirname(file)));
  return `${experimentHelp(description, process.stdout.columns)}\n${project}`;
}
