import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect } from 'vitest';
import { makeProject } from '../helpers/project.ts';
import { runExp, startRunExp, type Finished } from '../helpers/run-exp.ts';
import { manifestOf, progressOf, runDirs } from '../helpers/stored.ts';
import { readScalars } from '../helpers/tensorboard.ts';
import { test as base } from '../helpers/temp-dir.ts';
import { writeFiles } from '../helpers/typescript-project.ts';

const FILE = 'learning/main.ts';

/** A project with a run that has completed, and what to type in it. */
const test = base.extend<{ run: string; type: (line: string) => Promise<Finished> }>({
  type: async ({ dir }, use) => {
    await use((line) => runExp(line.split(' '), { cwd: dir }));
  },
  run: async ({ dir, type }, use) => {
    makeProject(dir, 'learning');
    await type(`${FILE} lr=0.5 --seed 9 --quiet`);
    await use(runDirs(join(dir, 'runs'), 'learning')[0]!);
  },
});

describe('run-exp FILE COMMAND --in RUN', () => {
  test('does another command in a run that is over, as its next attempt', async ({
    dir,
    run,
    type,
  }) => {
    const before = manifestOf(run);
    const rows = progressOf(run);

    const { code, stderr } = await type(`${FILE} evaluate --in ${basename(run)}`);

    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(runDirs(join(dir, 'runs'), 'learning')).toEqual([run]);
    const { attempts, step, summary, elapsed, ...rest } = manifestOf(run);
    const { attempts: _, step: __, summary: ___, elapsed: ____, ...same } = before;
    expect(rest).toEqual({ ...same, launcher: expect.anything() });
    expect(attempts[0]).toEqual(before['attempts'][0]);
    expect(attempts[1]).toMatchObject({
      command: 'evaluate',
      status: 'completed',
      result: { tested: 3 },
      resumedFrom: 5,
    });
    expect({ step, summary }).toMatchObject({
      step: 6,
      summary: { 'train/weight': 3, 'test/weight': 3 },
    });
    expect(elapsed).toBeGreaterThan(before['elapsed'] as number);
    const now = progressOf(run);
    expect(now.slice(0, 6)).toMatchObject(rows);
    expect(now.slice(6)).toMatchObject([{ step: '6', 'test/weight': '3', 'train/weight': '' }]);
  });

  test('adds to the curves in TensorBoard, and keeps the output of each attempt', async ({
    run,
    type,
  }) => {
    await type(`${FILE} evaluate --in last --quiet`);

    const scalars = readScalars(run)[run]!;
    expect(scalars['train/weight']!.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(scalars['test/weight']!.map(({ step }) => step)).toEqual([6]);
    expect(readFileSync(join(run, 'attempts/1/output.log'), 'utf8')).toContain('main');
    expect(readFileSync(join(run, 'output.log'), 'utf8')).toContain('evaluate');
    expect(existsSync(join(run, 'attempts/1/environment.json'))).toBe(true);
  });

  test('goes on with the clock of a run that was killed, and has it in its rows alone', async ({
    run,
    type,
  }) => {
    const { elapsed: _, summary: __, step: ___, ...killed } = manifestOf(run);
    const path = join(run, 'run.json');
    writeFileSync(path, JSON.stringify({ ...killed, status: 'failed' }));

    await type(`${FILE} evaluate --in ${basename(run)}`);

    const clock = progressOf(run).map(({ elapsed }) => Number(elapsed));
    expect(clock).toHaveLength(7);
    expect(clock).toEqual(clock.toSorted((a, b) => a - b));
  });

  test('writes to the sinks that a flag names', async ({ run, type }) => {
    const rows = progressOf(run);

    const { code } = await type(`${FILE} evaluate --in last --sinks jsonl --quiet`);

    expect(code).toBe(0);
    expect(progressOf(run)).toEqual(rows);
    expect(readFileSync(join(run, 'metrics.jsonl'), 'utf8')).toContain('"test/weight":3');
  });

  test('fails with its command, while the run stays what it was', async ({ run, type }) => {
    const { code, stderr } = await type(`${FILE} fail --in last`);

    expect(code).toBe(1);
    expect(stderr).toContain('no test set');
    const manifest = manifestOf(run);
    expect(manifest).toMatchObject({ status: 'completed', result: { weight: 3 } });
    expect(manifest).not.toHaveProperty('error');
    expect(manifest['attempts'][1]).toMatchObject({
      command: 'fail',
      status: 'failed',
      reason: 'no test set',
      error: { message: 'no test set' },
    });
    expect((await type('show last')).stdout).toContain(
      'attempts  2: completed, fail failed (no test set)\n',
    );
  });

  test('is running meanwhile; a kill leaves the run what it was', async ({ dir, run, type }) => {
    const { until, finished } = startRunExp([FILE, 'hang', '--in', basename(run)], { cwd: dir });
    await until(/hanging/);
    const during = manifestOf(run);
    expect(during).toMatchObject({ status: 'running', result: { weight: 3 } });

    const second = await type(`${FILE} evaluate --in last`);

    const { pid, host } = during['attempts'][1].process as { pid: number; host: string };
    expect(second.code).toBe(2);
    expect(second.stderr).toContain(`is running, by process ${pid} on ${host}.`);
    process.kill(pid, 'SIGKILL');
    expect((await finished).code).toBe(1);
    expect(manifestOf(run)).toMatchObject({
      status: 'completed',
      attempts: [{}, { status: 'failed' }],
    });
    expect((await type(`${FILE} evaluate --in last`)).code).toBe(0);
  });

  test('that is lost with its launcher can be given again, and main is over all the same', async ({
    dir,
    run,
    type,
  }) => {
    const { child, until, finished } = startRunExp([FILE, 'hang', '--in', 'last'], { cwd: dir });
    await until(/hanging/);
    child.kill('SIGSTOP');
    process.kill(manifestOf(run)['attempts'][1].process.pid as number, 'SIGKILL');
    child.kill('SIGKILL');
    await finished;

    const resumed = await type('resume last');

    expect(resumed.code).toBe(2);
    expect(resumed.stderr).toContain('has completed');
    expect((await type(`${FILE} evaluate --in last --quiet`)).code).toBe(0);
    expect(manifestOf(run)).toMatchObject({
      status: 'completed',
      result: { weight: 3 },
      attempts: [{}, { status: 'interrupted' }, { command: 'evaluate', status: 'completed' }],
    });
    expect(manifestOf(run)).not.toHaveProperty('entered');
  });

  describe('refuses', () => {
    test.for([
      { line: 'evaluate lr=3', says: '"lr=3" would change it' },
      { line: 'evaluate --seed 3', says: '--seed has no place' },
      { line: 'evaluate --sweep', says: '--sweep has no place' },
      { line: 'evaluate --checkpoint all', says: '--checkpoint has no place' },
      { line: 'evaluate --tag', says: '--tag has no place' },
      { line: 'evaluate --debug', says: '--debug has no place' },
      { line: '', says: 'Name the command' },
      { line: 'main', says: 'Name the command' },
      { line: 'evalute', says: 'Did you mean "evaluate"?' },
    ])('"$line"', async ({ line, says }, { run, type }) => {
      const before = manifestOf(run);

      const { code, stderr } = await type(`${FILE} ${line} --in last`.replace('  ', ' '));

      expect(code).toBe(2);
      expect(stderr).toContain(says);
      expect(manifestOf(run)).toEqual(before);
    });

    test('code that gives the run another config by now', async ({ dir, run, type }) => {
      const code = readFileSync(join(dir, FILE), 'utf8');
      writeFiles(dir, {
        [FILE]: code.replace(
          'const Config = z.object({',
          '$&\n  momentum: z.number().default(0.9),',
        ),
      });

      const { code: exit, stderr } = await type(`${FILE} evaluate --in last`);

      expect(exit).toBe(2);
      expect(stderr).toContain(
        `The code would give the run ${basename(run)} another config by now:`,
      );
      expect(stderr).toContain('  momentum: none → 0.9\n');
    });
  });
});
