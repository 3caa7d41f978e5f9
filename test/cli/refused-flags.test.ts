import { Command } from 'commander';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { programOf } from '../../src/cli/exec-flags.ts';
import { checkEntry } from '../../src/cli/enter-run.ts';
import { addRunFlags, checkFlags, type RunFlags } from '../../src/cli/run-flags.ts';
import { checkTogether } from '../../src/cli/sweep-flags.ts';

/** Every flag that takes part in the rules, with a value it accepts. */
const FLAGS = [
  '--axes a.yaml',
  '--repeats 2',
  '--samples 2',
  '--slots 2',
  '--affinity none',
  '--launcher debug',
  '--debug',
  '--debug-pick 1',
  '--fail-fast',
  '--table csv',
  '--dry-run',
  '--seed 1',
  '--from last',
  '--skip-existing',
  '--print-config',
  '--save-config c.yaml',
  '--json',
  '--sinks csv',
  '--system-metrics 1',
  '--timeout 2h',
  '--detach',
  '--retries 1',
  '--ghost',
  '--name n',
  '--comment c',
  '--experiment e',
  '--objective max:a',
  '--quiet',
  '--verbose',
  '--checkpoint last',
  '--grace 1s',
  '--tag',
  '--push',
  '--drop-without-results',
];

const OF_SWEEPS = [
  '--axes',
  '--repeats',
  '--samples',
  '--slots',
  '--affinity',
  '--debug-pick',
  '--fail-fast',
  '--table',
  '--dry-run',
];
const OF_EXPERIMENTS = [
  '--launcher',
  '--debug',
  '--debug-pick',
  '--print-config',
  '--save-config',
  '--sinks',
  '--system-metrics',
  '--checkpoint',
  '--grace',
];

function parse(line: string): RunFlags {
  const command = addRunFlags(new Command().exitOverride());
  return command.parse(line.split(' '), { from: 'user' }).opts<RunFlags>();
}

/** Why the flags cannot be followed together. */
function refusal(line: string): string | undefined {
  const flags = parse(line);
  try {
    checkFlags(flags);
    if (flags.exec !== undefined) programOf({ ...flags, exec: flags.exec });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The flags that a command does not go with, each of them named by the refusal. */
function refusedBeside(line: string): string[] {
  return FLAGS.flatMap((flag) => {
    const name = flag.split(' ')[0]!;
    const message = refusal(`${line} ${flag}`);
    if (message === undefined) return [];
    expect(message).toContain(name);
    return [name];
  });
}

describe('flags that cannot be followed are refused by name', () => {
  afterEach(() => vi.unstubAllEnvs());

  test.for([
    ['a single run', '--verbose', [...OF_SWEEPS, '--json', '--objective']],
    ['a sweep', '--sweep', ['--objective']],
    ['a program', '--exec true', [...new Set([...OF_SWEEPS, ...OF_EXPERIMENTS, '--json'])]],
    ['a sweep of a program', '--exec true --sweep', OF_EXPERIMENTS],
    ['a debugged run', '--debug', [...OF_SWEEPS, '--json', '--timeout', '--detach', '--objective']],
    ['a debugged sweep', '--sweep --debug', ['--timeout', '--detach', '--objective']],
    [
      'a sweep in the background',
      '--sweep --detach',
      [
        '--launcher',
        '--debug',
        '--debug-pick',
        '--table',
        '--dry-run',
        '--print-config',
        '--save-config',
        '--ghost',
        '--objective',
      ],
    ],
    [
      'the plan of a sweep',
      '--sweep --dry-run',
      ['--debug-pick', '--table', '--print-config', '--detach', '--objective'],
    ],
    ['events of a sweep', '--sweep --json', ['--table', '--objective']],
  ] as [string, string, string[]][])('beside %s', ([, line, refused]) => {
    expect(refusedBeside(line).sort()).toEqual([...refused].sort());
  });

  test('beside --in, which enters a run that is there', () => {
    const entering = (line: string) => () => checkEntry(['evaluate'], parse(`--in last ${line}`));
    const followed = '--sinks --system-metrics --timeout --grace --detach --quiet --verbose';
    const others = [...OF_SWEEPS, '--json', '--objective'];

    for (const flag of FLAGS) {
      const name = flag.split(' ')[0]!;
      if (followed.includes(name)) expect(entering(flag)).not.toThrow();
      else if (!others.includes(name)) expect(entering(flag)).toThrow(`${name} has no place`);
    }
    expect(refusal('--in last --exec true')).toContain('--in');
  });

  test('beside commands that go on with a sweep', () => {
    const together = (line: string) => () => checkTogether(parse(line));

    expect(together('--table csv --json')).toThrow('--table and --json');
    expect(together('--table csv --dry-run')).toThrow('--dry-run');
    expect(together('--table csv --detach')).toThrow('run-exp report');
    expect(together('--dry-run --detach')).toThrow('--detach');
    expect(together('--dry-run --json')).not.toThrow();
  });

  test('where the environment says that nothing is kept', () => {
    vi.stubEnv('EXP_GHOST', '1');

    expect(refusal('--detach')).toContain('not for EXP_GHOST');
    expect(refusal('--sweep --detach')).toContain('not for EXP_GHOST');
  });
});
