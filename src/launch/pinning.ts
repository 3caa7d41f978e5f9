import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Slot } from '../core/launcher.ts';

/** A command with its arguments and environment. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Default: the current directory. */
  readonly cwd?: string;
  /** True for a program that knows nothing of us: it gets no message channel. */
  readonly isForeign?: boolean;
}

/** True where processes can be pinned to CPUs: `taskset` comes with util-linux, on Linux. */
export function canPin(): boolean {
  return process.platform === 'linux' && isOnPath('taskset');
}

/** The command with the CPUs and GPUs of a slot, which all it starts inherits. */
export function inSlot(command: Command, slot: Slot): Command {
  const { file, args } = command;
  const env = {
    ...command.env,
    ...(slot.gpus !== undefined && { CUDA_VISIBLE_DEVICES: slot.gpus.join(',') }),
  };
  if (slot.cpus.length === 0) return { ...command, env };
  const pinned = ['-c', slot.cpus.join(','), file, ...args];
  return { ...command, file: 'taskset', args: pinned, env };
}

/** True for a program that `PATH` leads to. */
export function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((dir) => {
    try {
      accessSync(join(dir, program), constants.X_OK);
      return true;
    } catch {
      // not here; perhaps in the next directory
      return false;
    }
  });
}
