import { basename, join } from 'node:path';
import { describe, expect } from 'vitest';
import { makeProject, treeOf } from '../helpers/project.ts';
import { runExp, type Finished } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test as base } from '../helpers/temp-dir.ts';
import { writeFiles } from '../helpers/typescript-project.ts';

const FILE = 'configs/main.ts';

/** A project with one run, and what to type in it. */
const test = base.extend<{ earlier: string; type: (line: string) => Promise<Finished> }>({
  type: async ({ dir }, use) => {
    await use((line) => runExp(line.split(' '), { cwd: dir }));
  },
  earlier: async ({ dir, type }, use) => {
    makeProject(dir, 'configs', 'every-type');
    await type(`${FILE} epochs=40 optimizer.kind=adam weights:={"dog":2} --seed 9`);
    await use(basename(runDirs(join(dir, 'runs'), 'configs')[0]!));
  },
});

async function configOf(finished: Promise<Finished>): Promise<Record<string, unknown>> {
  const { stdout, stderr } = await finished;
  if (stdout === '') throw new Error(stderr);
  return (JSON.parse(stdout) as { config: Record<string, unknown> }).config;
}

describe('run-exp FILE --from RUN', () => {
  test('runs another command with the config and the seed of that run', async ({
    dir,
    earlier,
    type,
  }) => {
    const { code } = await type(`${FILE} evaluate --from last`);

    expect(code).toBe(0);
    const [first, second] = runDirs(join(dir, 'runs'), 'configs').map(manifestOf);
    expect(second).toMatchObject({
      command: 'evaluate',
      from: earlier,
      seed: 9,
      configHash: first!['configHash'] as string,
      result: { warmup: 4 },
    });
    expect(first).not.toHaveProperty('from');
    expect((await type('show last')).stdout).toContain(`\nfrom     ${earlier}\n`);
    const shown = JSON.parse((await type('show last --json')).stdout) as object;
    expect(shown).toMatchObject({ from: earlier, origins: { epochs: { layer: 'run' } } });
  });

  test('takes the run by its id, a part of it, or its path', async ({ dir, earlier, type }) => {
    for (const name of [earlier, earlier.slice(-6), join(dir, 'runs/configs', earlier)]) {
      const config = await configOf(type(`${FILE} --from ${name} --print-config --json`));

      expect(config).toMatchObject({ epochs: 40, warmup: 4, weights: { dog: 2 } });
      expect(config['weights']).not.toHaveProperty('cat');
    }
  });

  test('lets files, named configs and overrides win, and derived values follow', async ({
    dir,
    earlier,
    type,
  }) => {
    writeFiles(dir, { 'mine.yaml': 'label: mine\n' });

    const line = `${FILE} --from ${earlier} with=big,mine.yaml epochs=100 --seed 1`;
    const { stdout } = await type(`${line} --print-config --json`);

    const { config, keys } = JSON.parse(stdout) as {
      config: object;
      keys: { key: string; value: unknown }[];
    };
    expect(config).toMatchObject({ epochs: 100, warmup: 10, label: 'mine' });
    expect(config).toMatchObject({ net: { layers: [512, 512] } });
    expect(keys.find(({ key }) => key === 'seed')).toMatchObject({ value: 1, layer: 'override' });
  });

  test('is recorded beside the named configs and files that were asked for', async ({
    dir,
    earlier,
    type,
  }) => {
    writeFiles(dir, { 'mine.yaml': 'label: mine\n' });

    await type(`${FILE} --from last with=big with=mine.yaml,huge`);

    const asked = { from: earlier, with: ['big', 'mine.yaml', 'huge'] };
    const [first, second] = runDirs(join(dir, 'runs'), 'configs').map(manifestOf);
    expect(second).toMatchObject(asked);
    expect(first).not.toHaveProperty('with');
    expect((await type('show last')).stdout).toContain(
      `\nfrom     ${earlier}\nwith     big, mine.yaml, huge\n`,
    );
    expect(JSON.parse((await type('show last --json')).stdout)).toMatchObject(asked);
  });

  test('leaves out what goes with another choice than that of the run', async ({
    earlier,
    type,
  }) => {
    const line = `${FILE} --from ${earlier} optimizer.kind=sgd --print-config --json`;

    expect((await configOf(type(line)))['optimizer']).toEqual({ kind: 'sgd', momentum: 0.9 });
  });

  test('sweeps around the config of a run', async ({ dir, earlier, type }) => {
    const { code } = await type(`${FILE} --from ${earlier} --sweep lr=0.3,0.4 --quiet`);

    expect(code).toBe(0);
    const runs = runDirs(join(dir, 'runs'), 'configs').map(manifestOf).slice(1);
    expect(runs.map(({ from, result }) => [from, result] as unknown)).toEqual([
      [earlier, { lr: 0.3 }],
      [earlier, { lr: 0.4 }],
    ]);
  });

  describe('refuses', () => {
    test('a run that is not there', async ({ dir, earlier, type }) => {
      const before = treeOf(dir);

      const { code, stderr } = await type(`${FILE} --from nobody`);

      expect(code).toBe(2);
      expect(stderr).toContain(`No run "nobody" under "${join(dir, 'runs')}". Known: ${earlier}`);
      expect(treeOf(dir)).toEqual(before);
    });

    test('a run of another experiment', async ({ earlier, type }) => {
      const { code, stderr } = await type(`every-type/main.ts --from ${earlier}`);

      expect(code).toBe(2);
      expect(stderr).toBe(
        `Error: The run ${earlier} is of the experiment "configs", not of "every-type".\n`,
      );
    });

    test('a run whose config fits the schema no longer, naming run and keys', async ({
      dir,
      earlier,
      type,
    }) => {
      const main = `import { experiment } from 'exptools';
        import { z } from 'zod';
        const config = z.object({ rate: z.number().default(1), epochs: z.int().max(30) });
        export default experiment({ name: 'configs', config }, () => {});`;
      writeFiles(dir, { [FILE]: main });

      const { code, stderr } = await type(`${FILE} --from ${earlier}`);

      expect(code).toBe(2);
      expect(stderr).toContain(`Config key "lr" is unknown. Known: rate, epochs. (run ${earlier})`);
      expect(stderr).toContain(`Config key "net.layers" is unknown.`);
    });

    test('a value of the run that is valid no longer, naming the run', async ({
      dir,
      earlier,
      type,
    }) => {
      const main = `import { experiment } from 'exptools';
        import { z } from 'zod';
        const config = z.looseObject({ epochs: z.int().max(30) });
        export default experiment({ name: 'configs', config }, () => {});`;
      writeFiles(dir, { [FILE]: main });

      const { code, stderr } = await type(`${FILE} --from ${earlier}`);

      expect(code).toBe(2);
      expect(stderr).toMatch(/^Error: Config "epochs": Too big: .* got 40 \(run \S+\)\n$/);
      expect(stderr).toContain(earlier);
    });
  });
});
