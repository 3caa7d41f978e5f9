import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, vi } from 'vitest';
import { exec, PATIENCE, start, untilRunning } from '../helpers/exec.ts';
import { childOf, processOf, untilGone } from '../helpers/processes.ts';
import { REPO, runExp, type Started } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

describe('the end of a program', () => {
  test('comes with Ctrl-C, which interrupts its run and all it has started', async ({ dir }) => {
    const { sweep, runs } = await lingering(dir);
    const processes = runs.flatMap((run) => [processOf(run), childOf(run)]);

    sweep.child.kill('SIGINT');

    expect((await sweep.finished).code).toBe(130);
    for (const run of runs) expect(manifestOf(run)).toMatchObject({ status: 'interrupted' });
    await untilGone(processes);
  });

  test('comes with kill -9 of its launcher', async ({ dir }) => {
    const { sweep, runs } = await lingering(dir);
    const processes = runs.flatMap((run) => [processOf(run), childOf(run)]);

    sweep.child.kill('SIGKILL');

    await untilGone(processes);
    const { stdout } = await runExp(['ls', '--root', dir, '--json']);
    expect(JSON.parse(stdout)).toMatchObject([{ status: 'lost' }, { status: 'lost' }]);
  });

  test('by a signal is an interrupted run, or a failed one', async ({ dir }) => {
    await exec(dir, `sh -c 'kill -{signal} $$'`, [
      '--sweep',
      'signal=TERM,KILL',
      '--experiment',
      'killed',
    ]);

    expect(runDirs(dir, 'killed').map(manifestOf)).toMatchObject([
      { status: 'interrupted', stopReason: 'SIGTERM' },
      { status: 'failed', error: { signal: 'SIGKILL' } },
    ]);
  });
});

describe('--exec refuses', () => {
  test.for([
    ['true {lrr}', ['lr=1'], 'Nothing is called "lrr", as in "{lrr}". Did you mean "lr"?'],
    ['true {slot}', ['slot=1'], '{slot} stands for something of the run, and is a key too.'],
    ['nowhere-to-be-found', [], 'There is no program "nowhere-to-be-found"'],
    ['./train.sh', [], 'There is no program "./train.sh"'],
    ['true', ['evaluate'], '"evaluate" is one word too many.'],
    ['true', ['--sinks', 'csv'], '--sinks is for experiments, not for --exec.'],
    ['true', ['--debug'], '--debug is for experiments, not for --exec.'],
    ['true', ['--objective', 'accuracy'], 'Write max:accuracy or min:loss.'],
    ['true | tee log', [], '"|" is for a shell.'],
  ] as const)('%s %s', async ([command, args, message], { dir }) => {
    const { code, stderr } = await exec(dir, command, args);

    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test('an objective without it', async ({ dir }) => {
    const file = join(REPO, 'test/fixtures/walk/main.ts');
    const { code, stderr } = await runExp([file, '--root', dir, '--objective', 'max:place']);

    expect(code).toBe(2);
    expect(stderr).toContain('--objective is for --exec');
  });
});

/** Two programs that stay until someone ends them, each with a child. */
async function lingering(dir: string): Promise<{ sweep: Started; runs: string[] }> {
  const command = `sh -c 'sleep 1000 & echo child $!; wait'`;
  const sweep = start(dir, command, [
    '--sweep',
    'n=1,2,3',
    '--slots',
    '2',
    '--experiment',
    'lingers',
  ]);
  const runs = await untilRunning(dir, 'lingers', 2);
  await vi.waitFor(() => {
    for (const run of runs)
      expect(readFileSync(join(run, 'output.log'), 'utf8')).toMatch(/^child/m);
  }, PATIENCE);
  const children = runs.map(childOf);
  onTestFinished(() => {
    // Nobody else ends them where their launcher is killed.
    for (const { pid } of children) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // it is gone, as it should be
      }
    }
  });
  return { sweep, runs };
}
