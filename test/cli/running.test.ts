import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import {
  linger,
  lingerDirectly,
  processOf,
  untilGone,
  untilLingering,
} from '../helpers/processes.ts';
import { runExp, startRunExp } from '../helpers/run-exp.ts';
import { manifestOf, runDirs, sweepOf } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const FILE = 'test/fixtures/linger/main.ts';

describe('run-exp ps', () => {
  test('lists the sweeps and runs that are alive', async ({ dir }) => {
    const sweep = linger(dir, ['--sweep', '--slots', '2']);
    const running = await untilLingering(dir, 2);

    const text = await runExp(['ps', '--root', dir]);
    const json = await runExp(['ps', '--root', dir, '--json']);

    expect(text.stdout.split('\n').map((line) => line.split(/ {2,}/)[0])).toEqual([
      '',
      'sweep',
      'run',
      'run',
      '',
    ]);
    const plan = sweepOf(dir, 'linger').plan;
    expect(JSON.parse(json.stdout)).toMatchObject({
      sweeps: [{ id: plan['id'] as string, pid: sweep.child.pid, runs: 6 }],
      runs: running.map((run) => ({ dir: run, status: 'running', pid: processOf(run).pid })),
    });
    sweep.child.kill('SIGINT');
    await sweep.finished;
    expect((await runExp(['ps', '--root', dir])).stderr).toContain('Nothing is running');
  });
});

describe('run-exp stop', () => {
  test('ends a run as interrupted', async ({ dir }) => {
    const single = linger(dir, []);
    const [run] = await untilLingering(dir, 1);

    const { code, stdout } = await runExp(['stop', run!.slice(-6), '--root', dir]);

    const manifest = manifestOf(run!);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `Stopped the run ${manifest['id'] as string}.\n`,
    });
    expect(manifest).toMatchObject({ status: 'interrupted' });
    expect(await single.finished).toMatchObject({ code: 130 });
  });

  test('ends a sweep with all its runs', async ({ dir }) => {
    const sweep = linger(dir, ['--sweep', '--slots', '2']);
    await untilLingering(dir, 2);
    const { id } = sweepOf(dir, 'linger').plan as { id: string };

    const { stdout } = await runExp(['stop', id, '--root', dir, '--json']);

    expect(JSON.parse(stdout)).toEqual({ stopped: 'sweep', id });
    expect(await sweep.finished).toMatchObject({ code: 130 });
    expect(runDirs(dir, 'linger').map((run) => manifestOf(run)['status'] as string)).toEqual([
      'interrupted',
      'interrupted',
    ]);
  });

  test('lets the rest of a sweep go on when it ends one of its runs', async ({ dir }) => {
    const sweep = linger(dir, ['--sweep', '--slots', '1']);
    const [first] = await untilLingering(dir, 1);

    await runExp(['stop', first!, '--root', dir]);

    const [, second] = await untilLingering(dir, 2);
    expect(manifestOf(first!)).toMatchObject({ status: 'interrupted' });
    expect(manifestOf(second!)).toMatchObject({ status: 'running' });
    sweep.child.kill('SIGINT');
    await sweep.finished;
  });

  test('refuses a run that is over', async ({ dir }) => {
    await runExp([FILE, '--root', dir, 'how=leave']);

    const { code, stderr } = await runExp(['stop', 'last', '--root', dir]);

    expect(code).toBe(2);
    expect(stderr).toMatch(/^Error: The run \S+ is not running\.\n$/);
  });
});

describe('run-exp logs', () => {
  test('prints what a run has printed', async ({ dir }) => {
    await runExp(['test/fixtures/walk/main.ts', '--root', dir, 'steps=1', 'noise=0', 'drift=2']);

    const { code, stdout } = await runExp(['logs', 'last', '--root', dir]);

    expect(code).toBe(0);
    expect(stdout).toMatch(/START walk main, run .*\nstep 0 .*place 2\n/);
  });

  test('prints an object a line with --json', async ({ dir }) => {
    await runExp(['test/fixtures/endings/main.ts', '--root', dir, 'how=throw', 'rows=0']);

    const { stdout } = await runExp(['logs', 'last', '--root', dir, '--json']);

    const [, first] = stdout.trimEnd().split('\n');
    expect(JSON.parse(first!)).toEqual({ line: 'RangeError: the loss is out of range' });
  });

  test('goes on with -f until the run is over', async ({ dir }) => {
    const single = linger(dir, []);
    const [run] = await untilLingering(dir, 1);
    const logs = startRunExp(['logs', '-f', 'last', '--root', dir]);
    await logs.until(/lingering/);

    await runExp(['stop', run!, '--root', dir]);

    expect(await logs.finished).toMatchObject({ code: 0 });
    await single.finished;
  });

  test('prints what a run started by node itself has printed', async ({ dir }) => {
    const run = lingerDirectly(dir);
    await run.until(/lingering/);
    run.child.kill('SIGINT');
    await run.finished;

    const { code, stdout } = await runExp(['logs', 'last', '--root', dir]);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^lingering$/m);
    expect(stdout).toMatch(/END {3}linger main interrupted after .* s: SIGINT\n$/);
  });

  test('explains why a run has printed nothing', async ({ dir }) => {
    await runExp(['test/fixtures/walk/main.ts', '--root', dir, 'steps=1']);
    const [run] = runDirs(dir, 'walk');
    rmSync(join(run!, 'output.log'));

    const { code, stderr } = await runExp(['logs', 'last', '--root', dir]);

    expect(code).toBe(2);
    expect(stderr).toContain('has no output.log');
  });
});

describe('a run whose process was killed', () => {
  test('is shown as lost, is not listed as running and cannot be stopped', async ({ dir }) => {
    const run = lingerDirectly(dir);
    await run.until(/lingering/);
    run.child.kill('SIGKILL');
    await run.finished;
    const [path] = runDirs(dir, 'linger');
    await untilGone([processOf(path!)]);

    const ls = await runExp(['ls', '--root', dir, '--json', '--status', 'lost']);
    const show = await runExp(['show', 'last', '--root', dir]);
    const ps = await runExp(['ps', '--root', dir, '--json']);
    const stop = await runExp(['stop', 'last', '--root', dir]);

    expect(JSON.parse(ls.stdout)).toMatchObject([{ dir: path!, status: 'lost' }]);
    expect(show.stdout).toMatch(/^status +lost$/m);
    expect(JSON.parse(ps.stdout)).toEqual({ sweeps: [], runs: [] });
    expect(stop).toMatchObject({ code: 2, stderr: expect.stringContaining('is not running') });
    expect(manifestOf(path!)).toMatchObject({ status: 'running' }); // readers write nothing
  });
});
