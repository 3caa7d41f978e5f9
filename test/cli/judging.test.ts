import { describe, expect } from 'vitest';
import { REPO, runExp, start } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const FILE = 'test/fixtures/judged/main.ts';
const BIN = 'dist/src/cli/run-exp.js';

describe('the table of a sweep', () => {
  test('puts a variant with a NaN last, though its other repeats are the best', async ({ dir }) => {
    const { code, stdout } = await runExp([FILE, '--sweep', '--seed', '1', '--root', dir]);

    const [first, second] = stdout.trim().split('\n').slice(1, 3);
    expect(code).toBe(0);
    expect(first).toMatch(/^1 +1 +± 0 +3 +1$/);
    expect(second).toMatch(/^10 +NaN .*3 +0.1$/);
  });

  test('says so when no run has the objective, and names the one that is meant', async ({
    dir,
  }) => {
    const options = { env: { OBJECTIVE: 'los' } };

    const { stdout } = await runExp([FILE, '--sweep', '--root', dir], options);

    expect(stdout).toContain('No run has the objective "los". Did you mean "loss"?');
  });
});

describe('a reader that closes its end', () => {
  test.for([
    { title: 'a run', command: `node ${BIN} ${FILE} rows=2000 --root "$ROOT" 2>&1 | head -2` },
    { title: 'a sweep', command: `node ${BIN} ${FILE} --sweep --root "$ROOT" 2>&1 | head -2` },
  ])('ends what $title prints, and not what it does', async ({ command }, { dir }) => {
    const { stdout } = await start('bash', ['-c', command], { cwd: REPO, env: { ROOT: dir } })
      .finished;

    expect(stdout.trim().split('\n')).toHaveLength(2);
    await expect
      .poll(() => runDirs(dir, 'judged').map((run) => manifestOf(run)['status'] as string), {
        timeout: 20_000,
      })
      .toEqual(Array.from({ length: command.includes('--sweep') ? 6 : 1 }, () => 'completed'));
  });
});
