import { basename } from 'node:path';
import { RUN_FILES } from '../core/layout.ts';
import type { StoredRun } from '../store/stored-run.ts';
import { readEnvironment } from '../store/environment-file.ts';
import { durationText, sizeText } from './format.ts';

/** What `show` says of where a run worked, what it used and what it was warned of: label and text. */
export function environmentFacts(run: StoredRun): [string, string | undefined][] {
  const environment = readEnvironment(run.dir);
  const { resources: used, warnings } = run.manifest.attempts.at(-1) ?? {};
  const facts: [string, string | undefined][] = [
    [
      'used',
      used &&
        `${durationText(used.userSeconds * 1000)} user, ${durationText(used.systemSeconds * 1000)} system, ` +
          `${sizeText(used.maxRssBytes)} at most`,
    ],
    ['warned', warnings && warnedText(warnings.count, warnings.first)],
  ];
  if (environment === undefined) return facts;
  const { commandLine, node, os, cpu, memoryBytes, gpus, packages = {} } = environment;
  const [, script = '', ...words] = commandLine.argv;
  const count = Object.keys(packages).length;
  return [
    ['typed', [basename(script), ...words].join(' ')],
    [
      'machine',
      `${cpu.model} × ${cpu.count}, ${sizeText(memoryBytes)}, ${os.distribution ?? os.platform}, ${os.release}`,
    ],
    ['driver', gpus && driverText(gpus)],
    ['node', [node.version, ...node.flags].join(' ')],
    ['loaded', count === 0 ? undefined : `${count} packages (see ${RUN_FILES.environment})`],
    ...facts,
  ];
}

function warnedText(count: number, [first = '']: readonly string[]): string {
  const line = first.split('\n', 1)[0]!;
  return count === 1 ? line : `${count} times, first: ${line}`;
}

function driverText({
  drivers,
  devices,
}: NonNullable<NonNullable<ReturnType<typeof readEnvironment>>['gpus']>): string {
  const names = [...new Set(devices.map(({ name }) => name))].map((name) => {
    const count = devices.filter((one) => one.name === name).length;
    return count === 1 ? name : `${name} × ${count}`;
  });
  const versions = Object.entries(drivers).map(([vendor, version]) => `${vendor} ${version}`);
  return [...names, ...versions].join(', ');
}
