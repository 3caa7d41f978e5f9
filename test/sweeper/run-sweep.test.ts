import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { mean } from '../../src/stats/moments.ts';
import { untilGone, processOf, untilLingering } from '../helpers/processes.ts';
import { makeProject } from '../helpers/project.ts';
import { manifestOf, runDirs, sweepOf } from '../helpers/stored.ts';
import { startIn, sweepIn } from '../helpers/sweep-program.ts';
import { test } from '../helpers/temp-dir.ts';

describe('runSweep of a file', () => {
  test('does what run-exp does, and says nothing', async ({ dir }) => {
    makeProject(dir, 'walk');
    const { result, finished } = await sweepIn(
      dir,
      `await runSweep('walk/main.ts', {
        sweep: [{ drift: [1, 2], noise: [0, 0.5] }, { steps: { interval: [2, 3] } }],
        samples: 2, repeats: 2, seed: 7, config: { throwAt: 1 },
      })`,
    );

    expect(finished).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const root = join(dir, 'runs');
    const dirs = runDirs(root, 'walk');
    expect(result.runs.map((run) => run.dir)).toEqual(dirs);
    expect(result).toMatchObject({ status: 'failed', existing: [] });
    expect(
      result.runs.map(({ status, variant, repeat }) => [status, variant['drift'], repeat]),
    ).toEqual([
      ['failed', 1, 0],
      ['failed', 1, 0],
      ['completed', 2, 0],
      ['completed', 2, 0],
      ['failed', 1, 1],
      ['failed', 1, 1],
      ['completed', 2, 1],
      ['completed', 2, 1],
    ]);
    expect(result.runs[0]).toMatchObject({ reason: 'fell at drift 1' });
    const best = result.runs.filter(({ id }) => result.best!.runs.includes(id));
    expect(best.map(({ variant }) => variant)).toEqual([
      result.best!.variant,
      result.best!.variant,
    ]);
    expect(result.best).toMatchObject({ n: 2, mean: mean(best.map(({ value }) => value!)) });
    const { plan, journal } = sweepOf(root, 'walk');
    expect(plan['id']).toBe(result.id);
    expect(journal.at(-1)).toMatchObject({ event: 'finished', status: 'failed' });
  });

  test('takes variants as makeVariants makes them, and names their runs', async ({ dir }) => {
    makeProject(dir, 'walk');
    const { result } = await sweepIn(
      dir,
      `const { variants, logDirs } = makeVariants(
        new VariantLevel(['drift', 'noise'], [[1, 0], [2, 0]], ['slow', 'fast']),
        new VariantLevel(['steps'], [[2], [3]]),
      );
      await runSweep('walk/main.ts', { variants, logDirs, slots: 2 })`,
    );

    expect(result.status).toBe('done');
    expect(result.runs.map((run) => run.value)).toEqual([2, 3, 4, 6]);
    expect(result.runs.map((run) => manifestOf(run.dir)['name'])).toEqual([
      'slow/steps=2',
      'slow/steps=3',
      'fast/steps=2',
      'fast/steps=3',
    ]);
  });

  test('tells what run-exp would say besides', async ({ dir }) => {
    makeProject(dir, 'walk');
    const { finished } = await sweepIn(
      dir,
      `await runSweep('walk/main.ts', {
        sweep: { drift: [1, 2], noise: [0] }, overrides: ['drift=3'],
        onNote: (text) => console.log(text),
      })`,
    );

    expect(finished.stdout).toContain('drift is not swept: an override sets it.');
  });

  test('tells of starts, progress and ends', async ({ dir }) => {
    makeProject(dir, 'walk');
    const { finished } = await sweepIn(
      dir,
      `await runSweep('walk/main.ts', {
        overrides: ['drift=1,2', 'noise=0'], slots: 1,
        onEvent: ({ type, run, ...more }) => console.log(type, run.variant.drift, run.status, ...Object.keys(more)),
      })`,
    );

    const lines = finished.stdout.trim().split('\n');
    expect(lines.filter((line) => !line.startsWith('progress'))).toEqual([
      'started 1 running slot',
      'ended 1 completed',
      'started 2 running slot',
      'ended 2 completed',
    ]);
    expect(lines).toContain('progress 1 running step metrics');
  });

  test('ends by the signal of its caller, and by an error of the listener', async ({ dir }) => {
    makeProject(dir, 'linger');
    const { result } = await sweepIn(
      dir,
      `const stop = new AbortController();
      await runSweep('linger/main.ts', {
        slots: 2, signal: stop.signal, onEvent: ({ type }) => type === 'progress' && stop.abort(),
      })`,
    );

    expect(result.status).toBe('interrupted');
    const statuses = result.runs.map(({ status }) => status);
    expect(statuses.filter((status) => status === 'interrupted')).toHaveLength(2);
    expect(statuses.filter((status) => status === 'queued')).toHaveLength(4);

    const { finished } = await sweepIn(
      dir,
      `await runSweep('linger/main.ts', { onEvent() { throw new Error('enough'); } })`,
    );

    expect(finished.code).toBe(1);
    expect(finished.stderr).toContain('enough');
  });

  test('leaves out what has completed before', async ({ dir }) => {
    makeProject(dir, 'walk');
    const call = `await runSweep('walk/main.ts', { sweep: { drift: [1, 2] }, skipExisting: true })`;
    const { result: first } = await sweepIn(dir, call);

    const { result: second } = await sweepIn(dir, call);

    expect(second.runs).toEqual([]);
    expect(second.existing.toSorted()).toEqual(first.runs.map(({ id }) => id).toSorted());
  });

  test('keeps nothing in ghost mode', async ({ dir }) => {
    makeProject(dir, 'walk');
    const { result } = await sweepIn(
      dir,
      `await runSweep('walk/main.ts', { sweep: { drift: [1] }, ghost: true })`,
    );

    expect(result).toMatchObject({ status: 'done' });
    expect(existsSync(join(dir, 'runs'))).toBe(false);
  });

  test('runs in its own process with the debug launcher', async ({ dir }) => {
    makeProject(dir, 'debugged');
    const { result, finished } = await sweepIn(
      dir,
      `await runSweep('debugged/main.ts', { launcher: 'debug' })`,
    );

    expect(finished.stdout.match(/^run .*$/gm)).toEqual(
      [1, 2, 3].map((n) => `run ${n} in process ${finished.pid}, ${n - 1} before it`),
    );
    expect(result.best).toMatchObject({ variant: { n: 3 }, mean: 3 });
  });
});

describe('runSweep of a program', () => {
  test('gives repeats of a variant a log directory, and runs their arguments', async ({ dir }) => {
    makeProject(dir);
    const { result } = await sweepIn(
      dir,
      `const level = new VariantLevel(['algo.lr'], [[0.1], [0.2]], ['slow', 'fast']);
      const { variants, logDirs } = makeVariants(level);
      await runSweep(
        { exec: 'sh script.sh {affinity} {log_dir} {repeat}', name: 'script', objective: { metric: 'loss', direction: 'minimize' } },
        { variants, logDirs, repeats: 2, commonArgs: ['{common}'], runArgs: [['a b'], ['c']] },
      )`,
      {
        'script.sh': `mkdir "$2/run_$3"
          printf 'loss\\n1\\n0.%s\\n' "$3" > "$2/run_$3/progress.csv"
          printf '%s|' "$@"`,
      },
    );

    expect(result.status).toBe('done');
    expect(result.runs.map(({ value }) => value)).toEqual([0, 0, 0.1, 0.1]);
    const logs = join(result.dir, 'logs');
    const saved = readFileSync(join(logs, 'fast/variant_config.json'), 'utf8');
    expect(JSON.parse(saved)).toEqual({ algo: { lr: 0.2 } });
    expect(existsSync(join(logs, 'slow/run_1/progress.csv'))).toBe(true);
    const outputs = result.runs.map((run) => readFileSync(join(run.dir, 'output.log'), 'utf8'));
    expect(outputs[0]).toContain(`|${logs}/slow|0|{common}|a b|`);
    expect(outputs[3]).toContain(`|${logs}/fast|1|{common}|c|`);
  });
});

describe('a process that runs a sweep', () => {
  test('ends by Ctrl-C once its runs have ended', async ({ dir }) => {
    makeProject(dir, 'linger');
    const program = startIn(dir, `await runSweep('linger/main.ts', { slots: 2 })`);
    const runs = await untilLingering(join(dir, 'runs'), 2);
    const processes = runs.map(processOf);

    program.child.kill('SIGINT');

    expect(await program.finished).toMatchObject({ signal: 'SIGINT' });
    expect(runs.map((run) => manifestOf(run)['status'])).toEqual(['interrupted', 'interrupted']);
    expect(sweepOf(join(dir, 'runs'), 'linger').journal.at(-1)).toMatchObject({
      event: 'finished',
    });
    await untilGone(processes);
  });
});
