import { ExpError } from '../core/errors.ts';
import type { Objective } from '../core/objective.ts';
import { splitWords } from '../launch/split-words.ts';
import type { Program } from '../sweeper/program.ts';
import { debugFlag, launcherOf } from './launcher-flag.ts';
import type { RunFlags } from './run-flags.ts';

/**
 * The program that `--exec` names, to start in the current directory.
 * @throws {ExpError} EXP_USAGE for a command that is none, and flags that are about experiments.
 */
export function programOf(flags: RunFlags & { readonly exec: string }): Program {
  const { exec, experiment, objective } = flags;
  checkExecFlags(flags);
  return {
    words: splitWords(exec),
    cwd: process.cwd(),
    ...(experiment !== undefined && { name: experiment }),
    ...(objective !== undefined && { objective: parseObjective(objective) }),
  };
}

/** Reads `max:accuracy`. @throws {ExpError} EXP_USAGE for anything else. */
function parseObjective(text: string): Objective {
  const [, direction, metric] = /^(max|min):(.+)$/.exec(text) ?? [];
  if (metric !== undefined) {
    return { metric, direction: direction === 'max' ? 'maximize' : 'minimize' };
  }
  throw new ExpError('EXP_USAGE', `"${text}" is no objective. Write max:accuracy or min:loss.`);
}

function checkExecFlags(flags: RunFlags): void {
  const flag = [
    flags.in !== undefined && '--in',
    flags.sinks !== undefined && '--sinks',
    flags.systemMetrics !== undefined && '--system-metrics',
    flags.checkpoint !== undefined && '--checkpoint',
    flags.grace !== undefined && '--grace',
    flags.printConfig === true && '--print-config',
    flags.saveConfig !== undefined && '--save-config',
    launcherOf(flags) === 'debug' && debugFlag(flags),
  ].find((name) => name !== false);
  if (flag === undefined) return;
  throw new ExpError('EXP_USAGE', `${flag} is for experiments, not for --exec. Leave it out.`);
}
