import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { allowedCpus } from '../../src/provenance/cpus.ts';
import { canPin } from '../../src/slots/can-pin.ts';
import { exec, PATIENCE, start, untilRunning } from '../helpers/exec.ts';
import { REPO, runExp } from '../helpers/run-exp.ts';
import { manifestOf, runDirs, sweepOf } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const PROGRAMS = join(REPO, 'test/fixtures/programs');

describe('run-exp --exec --sweep', () => {
  const training = test.skipIf(!hasPython);

  training('sweeps a Python script as it is', async ({ dir }) => {
    copyFileSync(join(PROGRAMS, 'train.py'), join(dir, 'train.py'));
    const { code, stdout } = await exec(dir, 'python3 train.py --lr {lr}', [
      '--sweep',
      'lr=0.1,0.5',
      '--repeats',
      '2',
      '--objective',
      'max:accuracy',
    ]);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^lr +accuracy .*\n0\.5 +4\.5 .*\n0\.1 +0\.9 /m);
    const runs = runDirs(dir, 'train').map(manifestOf);
    expect(runs).toHaveLength(4);
    expect(runs[1]).toMatchObject({
      status: 'completed',
      program: ['python3', 'train.py', '--lr', '0.5'],
      step: 900,
      summary: { loss: 0.1, accuracy: 4.5 },
      objective: { metric: 'accuracy', direction: 'maximize', value: 4.5 },
      sweep: { variant: { lr: 0.5 }, repeat: 0 },
      attempts: [{ status: 'completed' }],
    });
    expect(sweepOf(dir, 'train').journal.at(-1)).toMatchObject({ status: 'done' });
  });

  training('says why a run has failed, and goes on', async ({ dir }) => {
    copyFileSync(join(PROGRAMS, 'train.py'), join(dir, 'train.py'));
    const { code, stderr } = await exec(dir, 'python3 train.py --lr {lr}', ['--sweep', 'lr=2,0.1']);

    expect(code).toBe(1);
    const [failed, good] = runDirs(dir, 'train').map(manifestOf);
    expect(failed).toMatchObject({
      status: 'failed',
      stopReason: 'the process ended with exit code 3: the loss went away',
      error: { exitCode: 3 },
      step: 900,
      summary: { accuracy: 18 },
    });
    expect(good).toMatchObject({ status: 'completed' });
    expect(stderr).toContain('│ the loss went away');
  });

  training("runs a script in exptools' convention unchanged", async ({ dir }) => {
    copyFileSync(join(PROGRAMS, 'script.py'), join(dir, 'script.py'));
    const { code } = await exec(dir, 'python3 script.py {affinity} {log_dir} {repeat}', [
      '--sweep',
      'algo.lr=1,2',
      '--repeats',
      '2',
      '--objective',
      'max:ReturnAverage',
    ]);

    expect(code).toBe(0);
    const last = runDirs(dir, 'script').at(-1)!;
    expect(manifestOf(last)).toMatchObject({
      step: 2,
      summary: { ReturnAverage: 4 },
      objective: { value: 4 },
    });
    expect(json(last, 'run_1/params.json')).toMatchObject({
      algo: { lr: 2 },
      run_ID: '1',
      cores: expect.any(Number) as number,
    });
  });

  training('takes progress from the CSV while the program works', async ({ dir }) => {
    copyFileSync(join(PROGRAMS, 'train.py'), join(dir, 'train.py'));
    const sweep = start(dir, 'python3 train.py --lr {lr} --wait 4', ['--sweep', 'lr=0.1,0.2']);
    const [run] = await untilRunning(dir, 'train', 1);

    await vi.waitFor(() => expect(manifestOf(run!)['affinity']['allowed']).toBeDefined(), PATIENCE);
    const { stdout } = await runExp(['ps', '--root', dir]);

    expect(stdout).toContain('train');
    expect((await sweep.finished).code).toBe(0);
  });

  test('tells the program of its run by environment, placeholders and files', async ({ dir }) => {
    const command = `sh -c 'env | grep ^EXP_; echo "{lr}|{net.width}|{note}|{{}}"; cat "$EXP_VARIANT"'`;
    const { code } = await exec(dir, command, [
      '--sweep',
      'lr=0.1,1e-9',
      'net.width=64',
      'note="a b"',
      '--seed',
      '7',
      '--slots',
      '1',
      '--affinity',
      'none',
      '--experiment',
      'told',
    ]);

    expect(code).toBe(0);
    const [, run] = runDirs(dir, 'told') as [string, string];
    const { id } = manifestOf(run) as { id: string };
    const output = readFileSync(join(run, 'output.log'), 'utf8');
    const variables = Object.fromEntries([...output.matchAll(/^(EXP_\w+)=(.*)$/gm)].map(pair));
    expect(variables).toMatchObject({
      EXP_RUN_ID: id,
      EXP_RUN_DIR: run,
      EXP_LOG_DIR: run,
      EXP_VARIANT: join(run, 'variant.json'),
      EXP_SEED: '7',
      EXP_REPEAT: '0',
      EXP_SLOT: '0',
      EXP_AFFINITY: expect.stringMatching(/^0slt_\dcpu_0gpu_\dcpr_0hto_0saf$/) as string,
    });
    expect(output).toContain('1e-9|64|a b|{}');
    expect(json(run, 'variant.json')).toEqual({ lr: 1e-9 });
    const given = { lr: 1e-9, net: { width: 64 }, note: 'a b' };
    expect(json(run, 'variant_config.json')).toEqual(given);
    expect(json(run, 'config.json')).toMatchObject({ config: { ...given, seed: 7 } });
  });

  test('pins programs to the CPUs of their slots', async ({ dir, skip }) => {
    skip(!canPin() || allowedCpus().length < 2, 'needs taskset and two CPUs');
    const command = `sh -c 'grep Cpus_allowed_list /proc/self/status'`;
    await exec(dir, command, ['--sweep', 'n=1,2', '--slots', '2', '--experiment', 'pinned']);

    for (const run of runDirs(dir, 'pinned')) {
      const [cpu] = manifestOf(run)['affinity'].cpus as number[];
      expect(readFileSync(join(run, 'output.log'), 'utf8')).toMatch(
        new RegExp(`^Cpus_allowed_list:\\s*${cpu}$`, 'm'),
      );
    }
  });

  test('gives programs no channel to us', async ({ dir }) => {
    const command = `node -e 'console.log(typeof process.send)'`;
    await exec(dir, command, ['--sweep', 'n=1,2', '--experiment', 'alone']);

    const [run] = runDirs(dir, 'alone');
    expect(readFileSync(join(run!, 'output.log'), 'utf8')).toMatch(/^undefined$/m);
  });

  test('leaves out what has completed before, of the same command', async ({ dir }) => {
    const again = ['--sweep', 'n=1,2', '--experiment', 'again', '--skip-existing'];
    await exec(dir, 'true', again);

    const { stderr } = await exec(dir, 'true', again);
    await exec(dir, 'true {n}', again);

    expect(stderr).toContain('all 2 runs of the sweep completed before');
    expect(runDirs(dir, 'again')).toHaveLength(4);
  });

  test('plans without writing anything', async ({ dir }) => {
    const { stdout } = await exec(dir, 'true', [
      '--sweep',
      'n=range(3)',
      '--dry-run',
      '--experiment',
      'dry',
    ]);

    expect(stdout).toMatch(/^3 +2 +1 +n=2$/m);
    expect(existsSync(join(dir, 'dry'))).toBe(false);
  });
});

describe('run-exp --exec without a sweep', () => {
  test('passes on what the program prints', async ({ dir }) => {
    const { code, stdout, stderr } = await exec(dir, `sh -c 'echo out {n}; echo err >&2'`, [
      'n=3',
      '--experiment',
      'once',
    ]);

    expect({ code, stdout }).toEqual({ code: 0, stdout: 'out 3\n' });
    expect(stderr).toMatch(/^err\ncompleted in /m);
    expect(json(runDirs(dir, 'once')[0]!, 'variant_config.json')).toEqual({ n: 3 });
  });

  test('is called after its program where there is no script', async ({ dir }) => {
    await exec(dir, 'echo hello', []);

    expect(runDirs(dir, 'echo')).toHaveLength(1);
  });

  test('keeps nothing in ghost mode', async ({ dir }) => {
    const { code } = await exec(dir, 'true', ['--ghost']);

    expect(code).toBe(0);
    expect(existsSync(join(dir, 'true'))).toBe(false);
  });
});

function json(dir: string, file: string): unknown {
  return JSON.parse(readFileSync(join(dir, file), 'utf8'));
}

function pair([, name, value]: RegExpExecArray): [string, string] {
  return [name!, value!];
}
