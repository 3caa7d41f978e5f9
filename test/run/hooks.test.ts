import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, vi } from 'vitest';
import {
  experiment,
  logger,
  openRun,
  RunInterrupt,
  type Run,
  type RunSettings,
} from '../../src/index.ts';
import { makeProject } from '../helpers/project.ts';
import { REPO, runExp, start, startRunExp } from '../helpers/run-exp.ts';
import { manifestOf, progressOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const outputOf = (run: Run<object>): string => readFileSync(join(run.dir, 'output.log'), 'utf8');

/** Runs `main` between these hooks; what it throws is in `thrown`. */
async function hooked(
  root: string,
  hooks: RunSettings,
  main: (run: Run<object>) => unknown = () => {},
): Promise<{ run: Run<object>; thrown: unknown }> {
  let run!: Run<object>;
  const thrown = await openRun({ name: 'hooked', root, sinks: ['csv'], ...hooks }, (one) => {
    run = one;
    return main(one);
  }).then(
    () => undefined,
    (error: unknown) => error,
  );
  run ??= { dir: runDirs(root, 'hooked')[0] } as Run<object>;
  return { run, thrown };
}

describe('hooks that are functions', () => {
  test('are called around main, in the scope of the run, with the status known', async ({
    dir,
  }) => {
    const seen: string[] = [];
    const say = (what: string) => (run: Run) => {
      seen.push(`${what} ${run.status}`);
      logger.record(what, 1);
      process.stdout.write(`${what} is here\n`);
    };
    const hooks = { before: say('before'), after: say('after'), onFailure: say('onFailure') };

    const { run } = await hooked(dir, hooks, () => void seen.push('main'));
    expect(seen.splice(0)).toEqual(['before running', 'main', 'after completed']);
    expect(progressOf(run.dir)[0]).toMatchObject({ before: '1', after: '1' });
    expect(outputOf(run)).toMatch(/before is here\n[^]*after is here\n/);

    await hooked(dir, hooks, () => {
      throw new Error('no luck');
    });
    expect(seen.splice(0)).toEqual(['before running', 'after failed', 'onFailure failed']);

    await hooked(dir, hooks, () => {
      throw new RunInterrupt('enough');
    });
    expect(seen.splice(0)).toEqual(['before running', 'after interrupted']);
  });

  test('keep main from starting where the first one fails', async ({ dir }) => {
    const main = vi.fn();
    const before = (): never => {
      throw new Error('no disk');
    };

    const { run, thrown } = await hooked(dir, { before }, main);

    expect(main).not.toHaveBeenCalled();
    expect(thrown).toMatchObject({ code: 'EXP_RUN' });
    expect(manifestOf(run.dir)).toMatchObject({
      status: 'failed',
      stopReason: 'The hook "before" failed: no disk. Main was not called.',
    });
  });

  test('change nothing of how the run ended, whatever becomes of them', async ({ dir }) => {
    const after = (run: Run): never => {
      run.fail(new Error('changed my mind'));
      throw new Error('no mail');
    };
    const onFailure = (): Promise<void> => delay(60_000, undefined, { ref: false });

    const { run } = await hooked(dir, { after });
    expect(manifestOf(run.dir)).toMatchObject({
      status: 'completed',
      hookErrors: ['The hook "after" failed: no mail'],
    });
    expect(outputOf(run)).toContain('no mail');
    expect((await runExp(['show', run.id, '--root', dir])).stdout).toContain('no mail');

    const failed = await hooked(dir, { onFailure, hookTimeout: 0.05 }, () => {
      throw new Error('no luck');
    });
    expect(failed.thrown).toMatchObject({ message: 'no luck' });
    expect(manifestOf(failed.run.dir)).toMatchObject({
      status: 'failed',
      stopReason: 'no luck',
      hookErrors: ['The hook "onFailure" failed: it took longer than 0.05 s'],
    });
  });

  test('are called of an experiment, and of a run that is opened without a function', async ({
    dir,
  }) => {
    const after = vi.fn<(run: Run) => void>();
    const defined = experiment({ name: 'defined', sinks: [], after }, () => 7);
    const run = await defined.run({}, { root: dir });
    expect(after).toHaveBeenCalledExactlyOnceWith(run);

    const opened = await openRun({ name: 'opened', root: dir, sinks: [], before: after, after });
    expect(after).toHaveBeenCalledTimes(2);
    await opened.close();
    expect(after).toHaveBeenCalledTimes(3);
    const before = 'exit 3';
    await expect(openRun({ name: 'refused', root: dir, sinks: [], before })).rejects.toThrow(
      'The hook "before" failed: exit code 3.',
    );
    expect(manifestOf(runDirs(dir, 'refused')[0]!)).toMatchObject({ status: 'failed' });
  });
});

describe('hooks that are commands', () => {
  const TELL = 'echo "$EXP_EXPERIMENT $EXP_STATUS ($EXP_ERROR) $EXP_RUN_ID $EXP_RUN_DIR"';

  test('are told of the run by their environment or words, and print into its output', async ({
    dir,
  }) => {
    const words = ['echo', '{experiment} {status} {run_id}', '{{}}', '$HOME'];
    const { run } = await hooked(
      dir,
      { before: `${TELL} >&2`, after: words, onFailure: TELL },
      () => {
        throw new Error('no luck; $(reboot)');
      },
    );

    const { id, dir: runDir } = run;
    expect(outputOf(run)).toContain(`hooked running () ${id} ${runDir}\n`);
    expect(outputOf(run)).toContain(`hooked failed ${id} {} $HOME\n`);
    expect(outputOf(run)).toContain(`hooked failed (no luck; $(reboot)) ${id} ${runDir}\n`);
    expect(manifestOf(runDir)).not.toHaveProperty('hookErrors');
  });

  test('are told of an error whatever its message has, and keep no run from its end', async ({
    dir,
  }) => {
    const text = `no \0luck ${'x'.repeat(300_000)}`;
    const { run } = await hooked(dir, { after: ['echo', '{error}'], onFailure: TELL }, () => {
      throw new Error(text);
    });

    expect(manifestOf(run.dir)).not.toHaveProperty('hookErrors');
    expect(outputOf(run)).toContain('hooked failed (no luck xxx');
  });

  test('say how they failed, and are ended when they take too long', async ({ dir }) => {
    const errors = async (hooks: RunSettings): Promise<unknown> =>
      manifestOf((await hooked(dir, hooks)).run.dir)['hookErrors'];

    expect(await errors({ after: 'exit 3' })).toEqual(['The hook "after" failed: exit code 3']);
    expect(await errors({ after: ['no-such-program-here'] })).toEqual([
      'The hook "after" failed: spawn no-such-program-here ENOENT',
    ]);
    expect(await errors({ after: ['sleep', '60'], hookTimeout: 0.1 })).toEqual([
      'The hook "after" failed: it took longer than 0.1 s',
    ]);
    expect(await errors({ after: 'sleep 60 & echo on its own' })).toBeUndefined();
  });

  test('are refused where they are none', async ({ dir }) => {
    const open = (hooks: object) => openRun({ name: 'x', root: dir, ...hooks });
    await expect(open({ after: 3 })).rejects.toThrow('after must be a function, a command');
    await expect(open({ after: [] })).rejects.toThrow('after must be a function, a command');
    await expect(open({ after: ['echo', '{stauts}'] })).rejects.toThrow('Did you mean "status"?');
    await expect(open({ hookTimeout: 0 })).rejects.toThrow(
      'hookTimeout must be a number of seconds',
    );
    expect(() => experiment({ name: 'bad-hook', before: ' ' }, () => {})).toThrow('before must be');
    expect(existsSync(join(dir, 'x'))).toBe(false);
  });
});

describe('hooks of a project file', () => {
  const FILE = 'linger/main.ts';
  const CONFIG = (dir: string): string => `
after: 'echo "$EXP_STATUS" >> ${dir}/after'
onFailure: 'echo "$EXP_STATUS: $EXP_ERROR" >> ${dir}/failed'
`;
  const told = (dir: string, file: string, text: string): Promise<void> =>
    vi.waitFor(() => expect(readFileSync(join(dir, file), 'utf8')).toBe(text), {
      timeout: 20_000,
      interval: 50,
    });

  test('hold for the runs of run-exp, also for one whose process is killed', async ({ dir }) => {
    makeProject(dir, 'linger');
    writeFileSync(join(dir, 'exptools.config.yaml'), CONFIG(dir));
    const { until, finished } = startRunExp([FILE, '--sinks', 'none'], { cwd: dir });
    await until(/lingering/);
    const [run] = runDirs(join(dir, 'runs'), 'linger');
    process.kill(manifestOf(run!)['attempts'][0].process.pid as number, 'SIGKILL');

    expect((await finished).code).toBe(1);

    const { stopReason } = manifestOf(run!);
    await told(dir, 'failed', `failed: ${stopReason}\n`);
    await told(dir, 'after', 'failed\n');
  });

  test('hold for one that took too long', async ({ dir }) => {
    makeProject(dir, 'linger');
    writeFileSync(join(dir, 'exptools.config.yaml'), CONFIG(dir));

    await runExp([FILE, '--sinks', 'none', '--timeout', '1s'], { cwd: dir });

    await told(dir, 'failed', 'timeout: took longer than 1s\n');
  });

  test('are left to themselves by a process that a signal ends', async ({ dir }) => {
    const program = `
      import { openRun } from ${JSON.stringify(join(REPO, 'dist/src/index.js'))};
      const after = 'echo "$EXP_STATUS" >> ${dir}/after';
      await openRun({ name: 'plain', root: ${JSON.stringify(dir)}, sinks: [], after });
      console.log('ready');
      setInterval(() => {}, 1000);`;
    const started = start(process.execPath, ['--input-type=module', '-e', program]);
    await started.until(/ready/);
    started.child.kill('SIGTERM');
    expect((await started.finished).signal).toBe('SIGTERM');

    await told(dir, 'after', 'interrupted\n');
  });

  test('are called once where a signal comes as the run ends', async ({ dir }) => {
    const program = `
      import { openRun } from ${JSON.stringify(join(REPO, 'dist/src/index.js'))};
      const after = 'echo "$EXP_STATUS" >> ${dir}/after';
      const close = () => new Promise(() => setTimeout(() => console.log('ready'), 1));
      const slow = { name: 'slow', open: () => ({ write() {}, close }) };
      await openRun({ name: 'plain', root: ${JSON.stringify(dir)}, sinks: [slow], after }, () => 1);`;
    const started = start(process.execPath, ['--input-type=module', '-e', program]);
    await started.until(/ready/);
    started.child.kill('SIGTERM');
    expect((await started.finished).signal).toBe('SIGTERM');

    expect(manifestOf(runDirs(dir, 'plain')[0]!)).toMatchObject({ status: 'completed' });
    await told(dir, 'after', 'completed\n');
  });

  test('are checked with the rest of it', async ({ dir }) => {
    makeProject(dir, 'linger');
    writeFileSync(join(dir, 'exptools.config.yaml'), 'after: 3\nhookTimeout: 0\n');

    const { code, stderr } = await runExp([FILE], { cwd: dir });

    expect(code).toBe(2);
    expect(stderr).toContain(
      '"after" must be a function, a command for the shell, or a list of words',
    );
    expect(stderr).toContain('"hookTimeout" must be a number of seconds above 0, got 0');
  });
});
