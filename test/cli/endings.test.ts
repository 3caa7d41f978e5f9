import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject } from 'vitest';
import { runExp, type Finished } from '../helpers/run-exp.ts';
import { manifestOf, progressOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';
import { readScalars } from '../helpers/tensorboard.ts';

const missing = inject('missingTools');
const FILE = 'test/fixtures/endings/main.ts';

describe('a main function that', () => {
  test.for([
    { does: 'throws', how: 'throw', message: 'the loss is out of range' },
    { does: 'awaits what never settles', how: 'never', message: /nothing will settle/ },
    { does: 'calls process.exit(0)', how: 'exit', message: /main called process.exit\(\)/ },
    { does: 'leaves a rejection alone', how: 'rejection', message: 'nobody awaited this' },
    { does: 'is interrupted by a timer that throws', how: 'timer', message: 'thrown by a timer' },
  ])('$does makes a failed run, with every row', async ({ how, message }, { dir, skip }) => {
    const { code, stderr } = await endings(dir, `how=${how}`);

    const [run] = runDirs(dir, 'endings');
    const { status, error, result, attempts } = manifestOf(run!);
    expect({ code, status, result }).toEqual({ code: 1, status: 'failed', result: undefined });
    expect(error).toMatchObject({ message: expect.stringMatching(message) as string });
    expect(attempts).toMatchObject([{ status: 'failed', endedAt: expect.any(String) as string }]);
    expect(stderr).toMatch(message);
    const rows = progressOf(run!).map((row) => [row['step'], row['tenth']]);
    expect(rows).toEqual([
      ['0', '0'],
      ['1', '0.1'],
      ['2', '0.2'],
      ['3', '0.3'],
      ['4', '0.4'],
    ]);
    skip(missing['tensorboard'] !== undefined, missing['tensorboard']);
    const { tenth } = readScalars(run!)[run!]!;
    expect(tenth!.map(({ step, value }) => [String(step), value])).toEqual(
      rows.map(([step, value]) => [step, Math.fround(Number(value))]),
    );
  });

  test.for([
    { does: 'throws', how: 'throw', says: 'RangeError: the loss is out of range' },
    { does: 'leaves a rejection alone', how: 'rejection', says: 'Error: nobody awaited this' },
    { does: 'is interrupted by a timer', how: 'timer', says: 'Error: thrown by a timer' },
  ])('$does is reported with the frames of its own files only', async ({ how, says }, { dir }) => {
    const { stderr } = await endings(dir, `how=${how}`);

    expect(stderr).toContain(says);
    const frames = stderr.split('\n').filter((line) => /^\s+at /.test(line));
    expect(frames.length).toBeGreaterThan(0);
    for (const frame of frames) expect(frame).toContain('test/fixtures/endings/');
  });

  test.for(['throw', 'rejection'])(
    'ends by %s is reported with all frames under --verbose',
    async (how, { dir }) => {
      const { stderr } = await endings(dir, `how=${how}`, '--verbose');

      expect(stderr).toMatch(/ at .*endings\.ts:\d+:\d+/);
      expect(stderr).toMatch(/ at .*dist\/src\/run\/conduct\.js/);
    },
  );

  test('throws leaves its stack in run.json and in output.log', async ({ dir }) => {
    await endings(dir, 'how=throw');

    const [run] = runDirs(dir, 'endings');
    expect(manifestOf(run!)['error'].stack).toContain('endings.ts');
    expect(readFileSync(join(run!, 'output.log'), 'utf8')).toMatch(
      /RangeError: the loss is out of range\n.*endings\.ts:\d+/,
    );
  });

  test('is killed makes a failed run that names the signal', async ({ dir }) => {
    const { code, stderr } = await endings(dir, 'how=kill');

    const { status, error } = manifestOf(runDirs(dir, 'endings')[0]!);
    expect({ code, status }).toEqual({ code: 1, status: 'failed' });
    expect(error).toMatchObject({ signal: 'SIGKILL' });
    expect(stderr).toContain('killed by SIGKILL (signal 9)');
  });

  test('is killed after 2 048 values keeps those', async ({ dir }) => {
    await endings(dir, 'how=kill', 'rows=3000');

    const steps = progressOf(runDirs(dir, 'endings')[0]!).map((row) => Number(row['step']));
    expect(steps).toEqual(Array.from({ length: 2048 }, (_, step) => step));
  });

  test('returns makes a completed run with its result', async ({ dir }) => {
    const { code } = await endings(dir);

    const manifest = manifestOf(runDirs(dir, 'endings')[0]!);
    expect(code).toBe(0);
    expect(manifest).toMatchObject({ status: 'completed', result: { value: 1 }, step: 4 });
    expect(manifest).not.toHaveProperty('error');
  });
});

describe('--quiet', () => {
  test('prints nothing for a run that completes', async ({ dir }) => {
    const { code, stdout, stderr } = await endings(dir, '--quiet');

    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('prints why a run failed', async ({ dir }) => {
    const { stdout, stderr } = await endings(dir, 'how=throw', '--quiet');

    expect(stdout).toBe('');
    expect(stderr).toContain('RangeError: the loss is out of range');
  });
});

function endings(root: string, ...args: string[]): Promise<Finished> {
  return runExp([FILE, '--root', root, ...args]);
}
