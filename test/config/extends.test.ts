import { join, relative } from 'node:path';
import { describe, expect } from 'vitest';
import { linesOfError } from '../helpers/compose.ts';
import { load } from '../helpers/load-files.ts';
import { test } from '../helpers/temp-dir.ts';

describe('extends', () => {
  test('puts the values of other files below, in the order named', async ({ dir }) => {
    const { config, origins } = await load(dir, {
      'main.yaml': 'extends: [sub/a.yaml, b.json]\nlr: 3\n',
      'sub/a.yaml': 'extends: ../base.yaml\nlr: 2\nname: a\n',
      'b.json': '{"name": "b"}',
      'base.yaml': '\nlr: 1\nname: base\nnet: {width: 5}\n',
    });

    expect(config).toMatchObject({ lr: 3, name: 'b', net: { width: 5 } });
    expect(origins).toMatchObject({
      lr: { layer: 'file', file: join(dir, 'main.yaml'), line: 2 },
      name: { file: join(dir, 'b.json'), line: 1 },
      'net.width': { file: join(dir, 'base.yaml'), line: 4 },
    });
  });

  test('may reach a file by two ways', async ({ dir }) => {
    const { config } = await load(dir, {
      'main.yaml': 'extends: [a.yaml, b.yaml]',
      'a.yaml': 'extends: base.yaml\nlr: 2',
      'b.yaml': 'extends: base.yaml',
      'base.yaml': 'lr: 1',
    });

    expect(config).toMatchObject({ lr: 1 });
  });

  test('in a circle is an error that names it', async ({ dir }) => {
    const files = { 'a.yaml': 'extends: b.yaml', 'b.yaml': 'extends: [a.yaml]' };
    const shown = (name: string): string => relative('', join(dir, name));

    expect(await linesOfError(() => load(dir, files))).toEqual([
      `Config files extend each other in a circle: ${shown('a.yaml')} → ${shown('b.yaml')} → ${shown('a.yaml')}.`,
    ]);
  });

  test('says which file is missing', async ({ dir }) => {
    await expect(load(dir, { 'a.yaml': 'extends: missing.yaml' })).rejects.toThrow(
      expect.objectContaining({
        code: 'EXP_FILE',
        message:
          `There is no file "${relative('', join(dir, 'missing.yaml'))}". ` +
          `(named by ${relative('', join(dir, 'a.yaml'))})`,
      }),
    );
  });
});
