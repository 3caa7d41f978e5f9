import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import { listCheckpoints } from '../../src/checkpoint/list.ts';
import { REPO, start, type Started } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

/** Starts a program that imports this package and prints `ready` once it may be told to end. */
async function program(root: string, code: string): Promise<Started> {
  const text = `
    import { experiment, openRun } from ${JSON.stringify(join(REPO, 'dist/src/index.js'))};
    const root = ${JSON.stringify(root)};
    const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
    const saving = async (run) => {
      for (let step = 0; ; step++) {
        await run.checkpoint({ step }, { step });
        if (step === 1) console.log('ready');
        await turn();
      }
    };
    ${code}`;
  const started = start(process.execPath, ['--input-type=module', '-e', text]);
  onTestFinished(() => void started.child.kill('SIGKILL'));
  await started.until(/ready/);
  return started;
}

const theRun = (root: string, name: string) => manifestOf(runDirs(root, name)[0]!);

describe('a process with several runs that is told to end', () => {
  test('lets a run get to its checkpoint inside of one that waits for it', async ({ dir }) => {
    const { child, finished } = await program(
      dir,
      `const inner = experiment({ name: 'inner', sinks: [] }, saving);
       await openRun({ name: 'outer', root, sinks: [] }, (run) => run.start(inner)).catch(() => {});
       await new Promise((resolve) => setTimeout(resolve, 1));
       process.exitCode = 7;`,
    );
    child.kill('SIGTERM');

    expect((await finished).code).toBe(7);
    const end = { status: 'interrupted', stopReason: 'stopped by SIGTERM' };
    expect(theRun(dir, 'inner')).toMatchObject(end);
    expect(theRun(dir, 'outer')).toMatchObject(end);
  });

  test('saves whatever its policy, as the same call', async ({ dir }) => {
    const { child, finished } = await program(
      dir,
      `await openRun({ name: 'saving', root, sinks: [], checkpoint: 'gap:1000' }, saving).catch(() => {});
       process.exit(7);`,
    );
    child.kill('SIGTERM');

    expect((await finished).code).toBe(7);
    const saved = listCheckpoints(runDirs(dir, 'saving')[0]!);
    expect(saved.map(({ reason }) => reason)).toEqual(['gap', 'forced']);
    expect(saved.map(({ call }) => call)).toEqual(saved.map(({ step }) => step));
  });

  test('ends those at once that take no checkpoints', async ({ dir }) => {
    const { child, finished } = await program(
      dir,
      `const idle = openRun({ name: 'idle', root, sinks: [] }, () => new Promise(() => {}));
       idle.catch(() => {});
       await openRun({ name: 'saving', root, sinks: [] }, saving).catch(() => {});
       process.exit(7);`,
    );
    child.kill('SIGUSR1');

    expect((await finished).code).toBe(7);
    expect(theRun(dir, 'idle')).toMatchObject({ status: 'interrupted', stopReason: 'SIGUSR1' });
    expect(theRun(dir, 'saving')).toMatchObject({ stopReason: 'stopped by SIGUSR1' });
  });

  test('leaves them interrupted where a handler of the user does not wait', async ({ dir }) => {
    const { child, finished } = await program(
      dir,
      `process.on('SIGTERM', () => process.exit(9));
       await openRun({ name: 'saving', root, sinks: [] }, saving);`,
    );
    child.kill('SIGTERM');

    expect((await finished).code).toBe(9);
    expect(theRun(dir, 'saving')).toMatchObject({
      status: 'interrupted',
      stopReason: 'stopped by SIGTERM',
    });
  });

  test('ends with the parent a child whose directory is gone', async ({ dir }) => {
    const { finished } = await program(
      dir,
      `import { rmSync } from 'node:fs';
       const hanging = experiment({ name: 'hanging', sinks: [] }, () => new Promise(() => {}));
       await openRun({ name: 'outer', root, sinks: [] }, async (run) => {
         void run.start(hanging).catch(() => {});
         await turn();
         rmSync(root + '/hanging', { recursive: true });
       });
       console.log('ready');
       process.exit(0);`,
    );

    expect((await finished).stderr).toContain('the end of a run is not recorded');
    expect(theRun(dir, 'outer')).toMatchObject({ status: 'completed' });
    expect(readdirSync(dir)).not.toContain('hanging');
  });
});
