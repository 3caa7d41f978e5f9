import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { runProcess } from '../../src/launch/run-process.ts';
import { createRunDir } from '../../src/store/run-dir.ts';
import { readManifest } from '../../src/store/manifest-file.ts';
import { identify, isAlive } from '../../src/store/process-identity.ts';
import { specOf } from '../helpers/spec.ts';
import { test } from '../helpers/temp-dir.ts';

const FOREVER = {
  file: process.execPath,
  args: ['-e', 'setInterval(() => {}, 1000)'],
  env: process.env,
  isForeign: true,
};
const OPTIONS = { signal: new AbortController().signal, onProgress: () => {}, echo: false };

describe('runProcess', () => {
  test.for([
    ['EACCES', true],
    ['ENOENT', undefined],
  ] as const)(
    'ends a process whose begin cannot be recorded for %s',
    async ([code, endsOthers], { dir }) => {
      const spec = specOf({ dir: join(dir, 'toy/the-run') });
      createRunDir(spec);
      let begun = identify();

      const outcome = await runProcess(
        { spec, slot: { index: 0, cpus: [] }, command: FOREVER },
        {
          ...OPTIONS,
          onBegin: (pid) => {
            begun = identify(pid);
            throw Object.assign(new Error('no way'), { code });
          },
        },
      );

      expect(outcome).toMatchObject({ status: 'failed', reason: 'no way' });
      expect(outcome.endsOthers).toBe(endsOthers);
      expect(begun.pid).not.toBe(process.pid);
      expect(isAlive(begun)).toBe(false);
      expect(readManifest(spec.dir)).toMatchObject({ status: 'failed', stopReason: 'no way' });
    },
  );

  test('fails a run whose end cannot be told, and says both', async ({ dir }) => {
    const spec = specOf({ dir: join(dir, 'toy/the-run') });
    createRunDir(spec);

    const outcome = await runProcess(
      {
        spec,
        slot: { index: 0, cpus: [] },
        command: { ...FOREVER, args: ['-e', 'process.exit(3)'] },
      },
      {
        ...OPTIONS,
        onOver: () => {
          throw new Error('no way');
        },
      },
    );

    const reason = 'the process ended with exit code 3; no way';
    expect(outcome).toMatchObject({ status: 'failed', reason });
    expect(readManifest(spec.dir)).toMatchObject({ status: 'failed', stopReason: reason });
  });
});
