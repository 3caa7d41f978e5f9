import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { makeProject } from '../helpers/project.ts';
import { startIn } from '../helpers/sweep-program.ts';
import { test } from '../helpers/temp-dir.ts';

/** Arguments of runSweep, and what is said of them. */
const REFUSED = [
  [`'walk/main.ts', { sweep: { drfit: [1] } }`, 'Did you mean "drift"?'],
  [`'walk/main.ts', { sweep: { drift: ['x'] } }`, 'drift'],
  [`'walk/main.ts', { sweep: { drift: [] } }`, 'lists no values'],
  [`'walk/main.ts', { sweep: { drift: [1] }, config: { drift: 2 } }`, 'both swept and set'],
  [`'walk/main.ts', { variants: [] }`, 'The list of variants is empty.'],
  [`'walk/main.ts', { variants: [{ drift: 1 }, { noise: 1 }] }`, 'Variants set the same keys'],
  [`'walk/main.ts', { variants: [{ drift: 1 }], logDirs: [] }`, 'logDirs must have one entry'],
  [`'walk/main.ts', { variants: [{ drift: 1 }], logDirs: ['../x'] }`, 'no directory below'],
  [`'walk/main.ts', { variants: [{ drift: 1 }], sweep: { noise: [1] } }`, 'not both'],
  [`'walk/main.ts', { affinity: 'cors=1' }`, 'Did you mean "cores"?'],
  [`'walk/main.ts', { retrys: 2 }`, 'no option "retrys". Did you mean "retries"?'],
  [`'walk/main.ts', { overrides: 'drift=1' }`, 'overrides must be a list, got "drift=1".'],
  [`'walk/main.ts', { timeout: '2 hours' }`, '2 hours'],
  [`'walk/main.ts', { runArgs: [['a']] }`, '"runArgs" is for sweeps of programs only.'],
  [`{ exec: 'true' }, { launcher: 'debug' }`, '"launcher" is for sweeps of experiments only.'],
  [`'walk/main.ts', { slots: 0 }`, 'slots must be a whole number of at least 1, got 0.'],
  [`'walk/main.ts', { slots: NaN }`, 'slots must be a whole number of at least 1, got NaN.'],
  [`'walk/main.ts', { repeats: 0 }`, 'repeats must be a whole number of at least 1, got 0.'],
  [`'walk/main.ts', { retries: -1 }`, 'retries must be a whole number of at least 0, got -1.'],
  [`'walk/main.ts', { timeout: 5 }`, 'timeout must be text with a unit'],
  [`'walk/main.ts', { launcher: 'slurm' }`, 'launcher must be "local" or "debug", got "slurm".'],
  [`'nowhere.ts'`, 'There is no file "nowhere.ts" in'],
  [`{ exec: 'true {x}' }, { sweep: { y: [1] } }`, 'Nothing is called "x"'],
  [`{ exec: [] }, { sweep: { y: [1] } }`, 'it has no words'],
  [`() => 1`, 'is no experiment'],
] as const;

describe('runSweep', () => {
  test('refuses what makes no sweep, and creates nothing', async ({ dir }) => {
    makeProject(dir, 'walk');
    const calls = REFUSED.map(([args]) => `() => runSweep(${args})`);
    // One process: each call that is planned starts another one.
    const { code } = await startIn(
      dir,
      `const messages = [];
      for (const call of [${calls.join(', ')}]) {
        await call().then(() => messages.push('no error'), ({ message }) => messages.push(message));
      }
      messages.length === 0 ? await runSweep('') : messages`,
    ).finished;

    expect(code).toBe(0);
    const messages = JSON.parse(readFileSync(join(dir, 'result.json'), 'utf8')) as string[];
    expect(messages).toEqual(
      REFUSED.map(([, message]) => expect.stringContaining(message) as unknown),
    );
    expect(existsSync(join(dir, 'runs'))).toBe(false);
  });
});
