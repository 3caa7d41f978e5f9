import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { loadVariant, saveVariant } from '../../src/store/variant-file.ts';
import { test } from '../helpers/temp-dir.ts';

describe('a variant file', () => {
  test('gives back what was saved, also over an earlier one', ({ dir }) => {
    const logDir = join(dir, 'pong/s0');

    saveVariant({ seed: 1 }, logDir);
    saveVariant({ env: { game: 'pong' }, sizes: [1, 2], none: null }, logDir);

    expect(loadVariant(logDir)).toEqual({ env: { game: 'pong' }, sizes: [1, 2], none: null });
    expect(readdirSync(logDir)).toEqual(['variant_config.json']);
  });

  test('is valid JSON whatever the numbers are', ({ dir }) => {
    saveVariant({ a: NaN, b: -Infinity }, dir);

    expect(loadVariant(dir)).toEqual({ a: 'nan', b: '-inf' });
  });

  test('is refused where it is missing or holds no variant', ({ dir }) => {
    expect(() => loadVariant(join(dir, 'none'))).toThrow('holds no variant: ENOENT');
    writeFileSync(join(dir, 'variant_config.json'), '[1]');
    expect(() => loadVariant(dir)).toThrow('holds no variant, but [1].');
  });
});
