import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { REPO, start } from '../helpers/run-exp.ts';
import { nodeBinary } from '../setup/tool-paths.ts';

const missing = inject('missingTools');
const here = Number.parseInt(process.versions.node, 10);

// Every major that the issue of a native addon is about, but for the one that runs these tests.
describe('the suite of the native back end', () => {
  test.for([20, 24].filter((major) => major !== here))(
    'passes on Node %d too',
    { timeout: 120_000 },
    async (major, { skip }) => {
      skip(missing['tfjs-node'] !== undefined, missing['tfjs-node']);
      skip(missing[`node-${major}`] !== undefined, missing[`node-${major}`]);
      const vitest = join(REPO, 'node_modules/vitest/vitest.mjs');

      const { code, stdout, stderr } = await start(
        nodeBinary(major),
        [vitest, 'run', '--reporter=verbose', 'test/tfjs/native.test.ts'],
        { env: { CI: '' } },
      ).finished;

      expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/computes with the back end that was asked for/);
    },
  );
});
