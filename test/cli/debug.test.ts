import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { runExp, startRunExp } from '../helpers/run-exp.ts';
import { manifestOf, progressOf, runDirs, sweepOf } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const FILE = 'test/fixtures/debugged/main.ts';

describe('run-exp --sweep --launcher debug', () => {
  test('executes all runs in its own process, one after the other', async ({ dir }) => {
    const sweep = startRunExp([FILE, '--sweep', '--launcher', 'debug', '--root', dir]);

    const { code, stdout, stderr } = await sweep.finished;
    const { pid } = sweep.child;
    expect(code).toBe(0);
    expect(stderr).not.toContain('Warning');
    expect(stdout.match(/^run .*$/gm)).toEqual([
      `run 1 in process ${pid}, 0 before it`,
      `run 2 in process ${pid}, 1 before it`,
      `run 3 in process ${pid}, 2 before it`,
    ]);
  });

  test('keeps runs, journal and plan as any sweep does', async ({ dir }) => {
    const { stdout } = await runExp([FILE, '--sweep', '--debug', '--root', dir]);

    const runs = runDirs(dir, 'debugged');
    expect(runs.map((run) => manifestOf(run)['result'])).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(progressOf(runs[1]!)).toMatchObject([{ step: '0', n: '2' }]);
    expect(readFileSync(join(runs[1]!, 'output.log'), 'utf8')).toContain('run 2 in process');
    const { plan, journal } = sweepOf(dir, 'debugged');
    expect(plan['runs']).toHaveLength(3);
    expect(journal.at(-1)).toMatchObject({ event: 'finished', status: 'done' });
    expect(stdout).toMatch(/^3 +3 /m); // the table of variants, the best one first
  });

  test('goes on after a run that throws, whose stack it shows', async ({ dir }) => {
    const { code, stderr } = await runExp([FILE, '--sweep', '--debug', '--root', dir, 'fails=2']);

    expect(code).toBe(1);
    expect(runDirs(dir, 'debugged').map((run) => manifestOf(run)['status'])).toEqual([
      'completed',
      'failed',
      'completed',
    ]);
    expect(stderr).toMatch(/no good is 2\n.*debugged\/main\.ts:\d+/);
  });

  test('interrupts the current run on Ctrl-C and exits with 130', async ({ dir }) => {
    const sweep = startRunExp([FILE, '--sweep', '--debug', '--root', dir, 'stays=2']);
    await sweep.until(/^staying$/m);

    sweep.child.kill('SIGINT');

    expect(await sweep.finished).toMatchObject({ code: 130 });
    expect(runDirs(dir, 'debugged').map((run) => manifestOf(run)['status'])).toEqual([
      'completed',
      'interrupted',
    ]);
    expect(sweepOf(dir, 'debugged').journal.at(-1)).toMatchObject({ status: 'interrupted' });
  });

  test('keeps nothing in ghost mode', async ({ dir }) => {
    const { code, stdout } = await runExp([FILE, '--sweep', '--debug', '--ghost', '--root', dir]);

    expect(code).toBe(0);
    expect(stdout).toContain('run 3 in process');
    expect(() => runDirs(dir, 'debugged')).toThrow(/ENOENT/);
  });
});

describe('--debug-pick', () => {
  test('executes one run of the plan, counted from 1', async ({ dir }) => {
    const { code, stdout, stderr } = await runExp([
      FILE,
      '--sweep',
      '--debug-pick',
      '3',
      '--root',
      dir,
    ]);

    expect(code).toBe(0);
    expect(stdout.match(/^run \d/gm)).toEqual(['run 3']);
    expect(stderr).toContain('Only run 3 of 3.');
  });

  test('says which one it was when it is a random one', async ({ dir }) => {
    const { stdout, stderr } = await runExp([
      FILE,
      '--sweep',
      '--debug-pick',
      'random',
      '--root',
      dir,
    ]);

    const [, picked] = /Only run (\d) of 3, picked at random\./.exec(stderr)!;
    expect(stdout.match(/^run \d/gm)).toEqual([`run ${picked}`]);
  });

  test.for([
    ['4', 'There is no run 4: the plan has runs 1 to 3.'],
    ['none', 'It must be "random", or a whole number from 1.'],
  ])('refuses %s', async ([pick, message], { dir }) => {
    const { code, stderr } = await runExp([FILE, '--sweep', '--debug-pick', pick!, '--root', dir]);

    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('run-exp --debug without a sweep', () => {
  test('executes the run in its own process', async ({ dir }) => {
    const single = startRunExp([FILE, '--debug', '--root', dir, 'n=7']);

    const { code, stdout, stderr } = await single.finished;
    expect(code).toBe(0);
    expect(stdout).toContain(`run 7 in process ${single.child.pid}, 0 before it`);
    expect(stderr).toContain('completed');
    expect(runDirs(dir, 'debugged').map((run) => manifestOf(run)['status'])).toEqual(['completed']);
  });

  test('leaves out what has completed before', async ({ dir }) => {
    const args = [FILE, '--debug', '--root', dir, 'n=7', '--skip-existing'];
    await runExp(args);

    const { code, stderr } = await runExp(args);

    expect(code).toBe(0);
    expect(stderr).toMatch(/^skipped {2}this config completed before: /);
    expect(runDirs(dir, 'debugged')).toHaveLength(1);
  });
});

describe('--launcher', () => {
  test.for([
    [['--launcher', 'debgu'], 'There is no launcher "debgu". Did you mean "debug"?'],
    [['--launcher', 'local', '--debug'], '--debug is for the debug launcher.'],
    [['--debug', '--slots', '2'], 'leave out "slots"'],
    [['--debug', '--affinity', 'cores=1'], 'leave out "affinity"'],
    [['--debug-pick', '1', '--dry-run'], 'Leave out --debug-pick'],
  ] as const)('refuses %s', async ([flags, message], { dir }) => {
    const { code, stderr } = await runExp([FILE, '--sweep', '--root', dir, ...flags]);

    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
