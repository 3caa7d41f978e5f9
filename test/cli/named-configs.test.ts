import { describe, expect } from 'vitest';
import { makeProject, treeOf } from '../helpers/project.ts';
import { runExp, type Finished } from '../helpers/run-exp.ts';
import { test as base } from '../helpers/temp-dir.ts';
import { writeFiles } from '../helpers/typescript-project.ts';

const FILE = 'configs/main.ts';

const test = base.extend<{ type: (line: string) => Promise<Finished> }>({
  type: async ({ dir }, use) => {
    makeProject(dir, 'configs');
    await use((line) =>
      runExp([FILE, ...line.split(' '), '--print-config', '--json'], { cwd: dir }),
    );
  },
});

async function configOf(finished: Promise<Finished>): Promise<Record<string, unknown>> {
  const { stdout, stderr } = await finished;
  if (stdout === '') throw new Error(stderr);
  return (JSON.parse(stdout) as { config: Record<string, unknown> }).config;
}

describe('with=name', () => {
  test('sets the values of a named config, and of those it extends', async ({ type }) => {
    expect(await configOf(type('with=huge'))).toMatchObject({
      net: { layers: [512, 512], norm: { eps: 0.5 } },
    });
  });

  test('asks a function with the config as the other layers have it', async ({ type }) => {
    expect(await configOf(type('with=gentle'))).toMatchObject({ lr: 0.01 });
    expect(await configOf(type('with=gentle lr=4'))).toMatchObject({ lr: 4 });
  });

  test('lets the last of several win, above files and below overrides', async ({ dir, type }) => {
    writeFiles(dir, { 'small.yaml': 'net.layers: [1]\nlabel: file\n' });

    expect(await configOf(type('with=huge,small.yaml'))).toMatchObject({
      label: 'file',
      net: { layers: [512, 512] },
    });
    expect(await configOf(type('with=small.yaml with=big net.layers=[2]'))).toMatchObject({
      label: 'file',
      net: { layers: [2] },
    });
  });

  test('applies to every variant of a sweep', async ({ type }) => {
    const { stdout } = await type('--sweep with=big');

    const { variants } = JSON.parse(stdout) as { variants: { config: object }[] };
    expect(variants).toHaveLength(4);
    for (const { config } of variants) {
      expect(config).toMatchObject({ net: { layers: [512, 512] } });
    }
  });

  test.for<[line: string, message: string]>([
    ['with=hug', 'There is no named config "hug". Did you mean "huge"?'],
    ['with=Big', 'There is no named config "Big". Did you mean "big"?'],
    ['with=nothing', 'There is no named config "nothing". Known: big, huge, gentle.'],
    ['with=small', 'There is no named config "small". Did you mean the file "small.yaml"?'],
    ['with=small.toml', 'Config files end in .yaml, .yml, .json.'],
    ['with=', '"with=" names no config. Write with=name or with=file.yaml.'],
    ['with=big,', '"with=big," names no config.'],
  ])('refuses %s', async ([line, message], { dir, type }) => {
    writeFiles(dir, { 'small.yaml': 'label: file\n' });
    const before = treeOf(dir);

    const { code, stderr } = await type(line);

    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(treeOf(dir)).toEqual(before);
  });
});
