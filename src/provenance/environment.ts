import { cpus, release, totalmem } from 'node:os';
import { dirname } from 'node:path';
import type { EnvironmentRecord } from '../core/environment.ts';
import { redactWords } from '../core/redact.ts';
import { processState } from '../core/process-state.ts';
import { tryRead } from '../files/try-read.ts';
import { commandLine } from './command-line.ts';
import { recordedVariables } from './environment-variables.ts';
import { readGpuDrivers } from './gpu-drivers.ts';
import { mainDirectory } from './loaded-packages.ts';
import { packageFiles } from './package-files.ts';

/** Of what an environment is described. */
export interface EnvironmentOf {
  /** Of the run, counted from 1. */
  readonly attempt: number;
  /** The user's file, where it is known. */
  readonly file?: string | undefined;
  /** Further environment variables to record, by name or glob. */
  readonly variables?: readonly string[] | undefined;
}

/**
 * What an attempt works in, but for the packages that its code comes from. It reads a few small files
 * and starts no process: a run's start waits for it a millisecond or two.
 */
export function describeEnvironment({
  attempt,
  file,
  variables,
}: EnvironmentOf): EnvironmentRecord {
  return {
    format: 1,
    attempt,
    commandLine: commandLine(),
    node: {
      version: process.version,
      flags: redactWords(process.execArgv),
      executable: process.execPath,
    },
    ...machine(),
    variables: recordedVariables(variables),
    ...packageFiles(file === undefined ? mainDirectory() : dirname(file)),
  };
}

type Machine = Pick<EnvironmentRecord, 'os' | 'cpu' | 'memoryBytes' | 'gpus'>;

const known = processState('machine', (): { machine?: Machine } => ({}));

/** What is the same for all runs of a process. */
function machine(): Machine {
  return (known.machine ??= readMachine());
}

function readMachine(): Machine {
  const all = cpus();
  const gpus = readGpuDrivers();
  const distribution = /^PRETTY_NAME="?(.*?)"?$/m.exec(tryRead('/etc/os-release') ?? '')?.[1];
  return {
    os: {
      platform: process.platform,
      arch: process.arch,
      release: release(),
      ...(distribution !== undefined && { distribution }),
    },
    cpu: { model: all[0]?.model ?? 'unknown', count: all.length },
    memoryBytes: totalmem(),
    ...(gpus !== undefined && { gpus }),
  };
}
