import { OxcTransformer } from '@oxc-node/core';
import { configDefaults, defineConfig, type Plugin } from 'vitest/config';

const oxc = new OxcTransformer(import.meta.dirname);

// Vite lowers decorators of both dialects, by the nearest tsconfig, but leaves out the metadata.
const legacyDecorators: Plugin = {
  name: 'legacy-decorators',
  enforce: 'pre',
  transform(code, id) {
    if (!/\/test\/legacy\/.*\.ts$/.test(id)) return undefined;
    const output = oxc.transform(id, code);
    return { code: output.source(), map: output.sourceMap() };
  },
};

// Within the test that tries a fresh clone, all tests run in a copy of what they run in already: the
// slowest ones, which start processes by the hundred, would say nothing new.
const isNested = process.env['EXPTOOLS_NESTED_TESTS'] === '1';
const slow = [
  'test/cli/**',
  'test/sweeper/**',
  'test/tfjs/**',
  'test/e2e/chaos.test.ts',
  'test/e2e/tarball.test.ts',
  'test/run/killed.test.ts',
];

export default defineConfig({
  plugins: [legacyDecorators],
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(isNested ? slow : [])],
    globalSetup: ['test/setup/tools.ts'],
    setupFiles: ['test/setup/properties.ts', 'test/setup/claims.ts', 'test/setup/snapshots.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Tests start processes of their own; on two cores more workers only wait for each other.
    maxWorkers: 2,
    env: { NO_COLOR: '1' },
  },
});
