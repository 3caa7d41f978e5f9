import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { experiment } from '../../src/index.ts';
import { revive } from '../../src/config/revive.ts';
import { schemaOf } from '../../src/config/compose.ts';
import { configKeys } from '../../src/config/keys.ts';
import { compose, overrides } from '../helpers/compose.ts';
import { test } from '../helpers/temp-dir.ts';

const Config = z.object({
  since: z.date().default(new Date(0)),
  until: z.date().nullable().default(null),
  days: z.array(z.date()).default([]),
  big: z.bigint().default(5n),
  either: z.union([z.date(), z.string()]).default('never'),
});

describe('dates and bigints', () => {
  test('are read from the text of an override', async () => {
    const { config } = await compose(Config, [
      overrides(
        Config,
        'since=2024-01-02',
        'until=2024-01-03T04:05:06Z',
        'days=[2024-01-01,2024-01-02]',
        'big=9007199254740993',
        'either=2024-01-01',
      ),
    ]);

    expect(config).toEqual({
      since: new Date('2024-01-02'),
      until: new Date('2024-01-03T04:05:06Z'),
      days: [new Date('2024-01-01'), new Date('2024-01-02')],
      big: 9007199254740993n,
      either: '2024-01-01',
    });
  });

  test('that are none are refused with what was given', async () => {
    await expect(compose(Config, [overrides(Config, 'since=soon', 'big=1.5')])).rejects.toThrow(
      /"since".*expected date.*"soon"[^]*"big".*expected bigint/,
    );
  });

  test('are named by their type', () => {
    const types = configKeys(schemaOf(Config)).map(({ path, type }) => [path, type]);

    expect(Object.fromEntries(types)).toEqual({
      since: 'date',
      until: 'date | null',
      days: 'date[]',
      big: 'bigint',
      either: 'date | text',
    });
  });

  test('come back from what a run has recorded', async ({ dir }) => {
    const dated = experiment({ name: 'dated', config: Config, sinks: [] }, (run) => run.config.big);
    const file = join(dir, 'saved.yaml');
    writeFileSync(file, 'since: 2024-01-01\nbig: 12\n');

    const first = await dated.run({}, { root: dir, with: [file] });
    const second = await dated.run({}, { root: dir, from: first.id });

    expect(first.config).toMatchObject({ since: new Date('2024-01-01'), big: 12n });
    expect(second.config).toMatchObject({ since: new Date('2024-01-01'), big: 12n });
  });

  test('leave alone what no schema speaks of', () => {
    expect(revive({ a: '2024-01-01' }, 'open')).toEqual({ a: '2024-01-01' });
    expect(revive({ z: '1' }, schemaOf(Config))).toEqual({ z: '1' });
  });
});
