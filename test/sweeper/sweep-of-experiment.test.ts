import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { makeProject } from '../helpers/project.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { sweepIn } from '../helpers/sweep-program.ts';
import { test } from '../helpers/temp-dir.ts';

describe('runSweep of an experiment', () => {
  const EXPERIMENT = `import { experiment } from 'exptools';
    import { z } from 'zod';
    export const twice = experiment(
      { name: 'twice', config: z.object({ n: z.int() }), sweep: { n: [1, 2] } },
      (run) => ({ twice: 2 * run.config.n, pid: process.pid }),
    );`;

  test('runs the file that defines it in processes of their own', async ({ dir }) => {
    makeProject(dir);
    writeFileSync(join(dir, 'twice.ts'), EXPERIMENT);
    const { result, finished } = await sweepIn(
      dir,
      `const { twice } = await import('./twice.ts');
      await runSweep(twice)`,
    );

    const results = result.runs.map((run) => manifestOf(run.dir)['result'] as { pid: number });
    expect(results).toMatchObject([{ twice: 2 }, { twice: 4 }]);
    expect(results.map(({ pid }) => pid)).not.toContain(finished.pid);
  });

  test.for(['twice', "'sweep.ts'"])(
    'runs %s from the file that defines it, behind a guard',
    async (target, { dir }) => {
      makeProject(dir);
      const { result } = await sweepIn(
        dir,
        `${EXPERIMENT}
        process.argv[1] !== import.meta.filename ? undefined : await runSweep(${target})`,
      );

      expect(result.status).toBe('done');
      expect(runDirs(join(dir, 'runs'), 'twice')).toHaveLength(2); // and none of the file by itself
    },
  );

  test.for(['twice', "'sweep.ts'"])(
    'runs %s in this process without one',
    async (target, { dir }) => {
      makeProject(dir);
      const { result } = await sweepIn(
        dir,
        `${EXPERIMENT}
      await runSweep(${target}, { launcher: 'debug' })`,
      );

      expect(result.status).toBe('done');
    },
  );

  test('is refused where it would start itself again', async ({ dir }) => {
    makeProject(dir);
    const { finished } = await sweepIn(dir, `${EXPERIMENT}\nawait runSweep(twice)`);

    expect(finished.code).toBe(1);
    expect(finished.stderr).toContain('Put the call into a file of its own');
    expect(existsSync(join(dir, 'runs'))).toBe(false);
  });

  test('may be called by the code of a run, which is the parent then', async ({ dir }) => {
    makeProject(dir, 'walk');
    writeFileSync(
      join(dir, 'outer.ts'),
      `import { experiment, runSweep } from 'exptools';
      export default experiment({ name: 'outer' }, async (run) => {
        const { runs } = await runSweep('walk/main.ts', { sweep: { drift: [1, 2] } });
        return runs.length;
      });`,
    );
    const { result } = await sweepIn(dir, `await runSweep('outer.ts', { variants: [{}] })`);

    expect(result.runs).toMatchObject([{ value: 2 }]);
    const inner = runDirs(join(dir, 'runs'), 'walk').map(manifestOf);
    expect(inner.map(({ parent }) => parent)).toEqual([result.runs[0]!.id, result.runs[0]!.id]);
  });
});
