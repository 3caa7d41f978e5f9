import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { schemaOf } from '../../src/config/compose.ts';
import { exactValues } from '../../src/config/saved.ts';
import { planRun } from '../../src/experiment/plan.ts';
import { configFileText } from '../../src/experiment/saved-config.ts';
import { Config, definitionOf, definitionWith } from '../helpers/planned.ts';
import { test } from '../helpers/temp-dir.ts';

describe('a config that is saved', () => {
  test.for(['yaml', 'json'] as const)('as %s makes the same run again', async (format, { dir }) => {
    const definition = definitionOf({ derive: { h: ({ a }) => a * 2 } });
    const request = { root: dir, seed: 9, overrides: ['a=3', 'list=[]', 'net:={"y":5}'] };
    const file = join(dir, `saved.${format}`);

    writeFileSync(file, await configFileText(definition, request, format));
    const first = await planRun(definition, request);
    const again = await planRun(definition, { root: dir, with: [file] });
    const changed = await planRun(definition, { root: dir, with: [file], overrides: ['a=4'] });

    expect(again.config).toEqual(first.config);
    expect(again.configHash).toBe(first.configHash);
    expect(again.seed).toBe(9);
    expect(changed.config).toMatchObject({ a: 4, h: 8 });
  });

  test.for(['yaml', 'json'] as const)(
    'as %s keeps numbers that JSON has not',
    async (format, { dir }) => {
      const config = z.object({
        steps: z.number().default(Infinity),
        odd: z.union([z.number(), z.nan()]).default(1),
        low: z.literal(-Infinity).or(z.number()).default(0),
      });
      const definition = definitionWith(config);
      const request = { root: dir, overrides: ['odd=nan', 'low=-inf'] };
      const file = join(dir, `saved.${format}`);

      writeFileSync(file, await configFileText(definition, request, format));

      const { config: again } = await planRun(definition, { root: dir, with: [file] });
      expect(again).toEqual({ steps: 'inf', odd: 'nan', low: '-inf' });
    },
  );

  test('leaves a random seed out', async ({ dir }) => {
    expect(await configFileText(definitionOf(), { root: dir }, 'yaml')).not.toContain('seed');
    expect(exactValues({}, schemaOf(Config))).toEqual({});
  });
});
