import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { REPO, runExp } from '../helpers/run-exp.ts';
import { manifestOf, progressOf, runDirs } from '../helpers/stored.ts';
import { test as base } from '../helpers/temp-dir.ts';
import { LEGACY, writeFiles, writeProject } from '../helpers/typescript-project.ts';

// A link, a second install or a transpiled require brings the package into a process twice.

const test = base.extend<{ project: string }>({
  project: async ({ dir }, use) => {
    const copy = join(dir, 'copy');
    mkdirSync(copy);
    for (const part of ['dist', 'package.json', 'src/loader/legacy-tsconfig.json']) {
      cpSync(join(REPO, part), join(copy, part), { recursive: true });
    }
    symlinkSync(join(REPO, 'node_modules'), join(copy, 'node_modules'));
    const project = join(dir, 'project');
    writeProject(project, { 'tsconfig.json': { compilerOptions: LEGACY } });
    symlinkSync(copy, join(project, 'node_modules/second'));
    await use(project);
  },
});

const MODEL = `
import { captured, inject, logger, Rng, Run } from 'second';

export class Model {
  @captured byName(lr: number = inject()) { return lr; }
  @captured byType(current: Run = inject(), random: Rng = inject()) {
    return [current.id, random.seed];
  }
  @captured missing(nothing: number = inject()) { return nothing; }
}
export const log = (): void => logger.prefix('model', () => logger.log({ loss: 1 }, { step: 0 }));
`;

describe('two copies of the package in one process', () => {
  test('share the classes that decorators of both describe', async ({ project }) => {
    writeFiles(project, {
      'main.ts': `
        import { captured, experiment, inject } from 'exptools';
        import { config, param } from 'second';
        import { z } from 'zod';
        @experiment({ name: 'copies', sinks: ['csv'] })
        export class Copies {
          @config(z.object({ lr: z.number().default(0.5) })) config!: { lr: number };
          main() { return [this.config.lr, this.fit()]; }
          @captured fit(@param('lr') rate: number = inject()) { return rate; }
        }`,
    });

    const { code, stderr } = await runExp(['main.ts', 'lr=2'], { cwd: project });

    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
    expect(manifestOf(runDirs(join(project, 'runs'), 'copies')[0]!)['result']).toEqual([2, 2]);
  });

  test('share the experiments: one defines, the other runs', async ({ project }) => {
    writeFiles(project, {
      'main.ts': `
        import { experiment } from 'second';
        export default experiment({ name: 'copies', sinks: ['csv'] }, () => 'of the second');`,
    });

    const { code, stderr } = await runExp(['main.ts'], { cwd: project });

    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
    const { result } = manifestOf(runDirs(join(project, 'runs'), 'copies')[0]!);
    expect(result).toBe('of the second');
  });

  test('share the run: its config, its logger and its classes', async ({ project }) => {
    writeFiles(project, {
      'main.ts': `
        import { experiment, isExpError, logger } from 'exptools';
        import { logger as second } from 'second';
        import { z } from 'zod';
        import { log, Model } from './model.js';
        const options = {
          name: 'copies', config: z.object({ lr: z.number().default(0.5) }), sinks: ['csv' as const],
        };
        export default experiment(options, async (run) => {
          const model = new Model();
          logger.prefix('outer', log);
          const attempt = () => { try { model.missing(); } catch (error) { return isExpError(error); } };
          const [id, seed] = model.byType();
          return {
            areTwo: logger !== second, lr: model.byName(), sameRun: id === run.id,
            seed: typeof seed, known: attempt(),
          };
        });`,
      'model.ts': MODEL,
    });

    const { code, stderr } = await runExp(['main.ts'], { cwd: project });

    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
    const run = runDirs(join(project, 'runs'), 'copies')[0]!;
    expect(manifestOf(run)['result']).toEqual({
      areTwo: true,
      lr: 0.5,
      sameRun: true,
      seed: 'number',
      known: true,
    });
    expect(progressOf(run)).toMatchObject([{ step: '0', 'outer/model/loss': '1' }]);
  });

  test('share the endings of runs', async ({ project }) => {
    writeFiles(project, {
      'main.ts': `
        import { experiment } from 'exptools';
        import { RunInterrupt } from 'second';
        class Diverged extends RunInterrupt { override status = 'diverged' as never; }
        export default experiment({ name: 'copies', sinks: ['csv'] }, () => {
          throw new Diverged('loss is NaN');
        });`,
    });

    await runExp(['main.ts'], { cwd: project });

    expect(manifestOf(runDirs(join(project, 'runs'), 'copies')[0]!)['status']).toBe('diverged');
  });

  test('do not both take one name for an experiment', async ({ project }) => {
    writeFiles(project, {
      'main.ts': `
        import { experiment } from 'exptools';
        import { experiment as second } from 'second';
        export const a = experiment({ name: 'copies' }, () => 1);
        export const b = second({ name: 'copies' }, () => 2);`,
    });

    const { code, stderr } = await runExp(['main.ts'], { cwd: project });

    expect(code).toBe(2);
    expect(stderr).toContain(
      'experiment("copies") are both named "copies". Give one another name.',
    );
  });
});
