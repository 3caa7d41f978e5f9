import { OxcTransformer } from '@oxc-node/core';
import { defineConfig, type Plugin } from 'vitest/config';

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

export default defineConfig({
  plugins: [legacyDecorators],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/setup/tools.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Tests start processes of their own; on two cores more workers only wait for each other.
    maxWorkers: 2,
    env: { NO_COLOR: '1' },
  },
});
