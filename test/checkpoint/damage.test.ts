import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { Checkpoints } from '../../src/checkpoint/checkpoints.ts';
import { listCheckpoints, newestCheckpoint, readCheckpoint } from '../../src/checkpoint/list.ts';
import { checkpointsDir } from '../../src/core/layout.ts';
import { Rng } from '../../src/random/rng.ts';
import { test as base } from '../helpers/temp-dir.ts';

const STATE = {
  weights: Float64Array.from({ length: 40 }, (_, i) => i / 3),
  bytes: new Uint8Array(5),
  names: ['a', 'b'],
  rng: new Rng(1),
};

/** A run with checkpoints of the steps 1, 2 and 3. */
const test = base.extend<{ files: readonly string[] }>({
  files: async ({ dir }, use) => {
    const checkpoints = new Checkpoints(dir, { mode: 'all' }, expect.fail);
    for (const step of [1, 2, 3]) await checkpoints.save({ ...STATE, step }, { step }, { step });
    await use(listCheckpoints(dir).map(({ file }) => file));
  },
});

describe('a damaged checkpoint', () => {
  test('is noticed, whichever byte it is', async ({ dir, files }) => {
    const file = files[2]!;
    const whole = readFileSync(file);
    const damages = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(damages, async ([at, bits]) => {
        const bytes = Buffer.from(whole);
        bytes[at]! ^= bits;
        writeFileSync(file, bytes);

        await expect(readCheckpoint(file)).rejects.toMatchObject({ code: 'EXP_CHECKPOINT' });

        expect(newestCheckpoint(dir, { warn: () => {} })?.step).toBe(2);
      }),
      { numRuns: 300 },
    );
  });

  test('is noticed, wherever it was cut, and when something was added', ({ dir, files }) => {
    const whole = readFileSync(files[2]!);
    for (const size of [0, 1, 40, 48, 100, 200, whole.length - 1, whole.length + 1]) {
      writeFileSync(files[2]!, Buffer.concat([whole, Buffer.alloc(1)]).subarray(0, size));

      expect(newestCheckpoint(dir, { warn: () => {} })?.step).toBe(2);
    }
  });

  test('is skipped with a warning that says which, why, and what is taken', ({ dir, files }) => {
    truncateSync(files[2]!, 100);
    const bytes = readFileSync(files[1]!);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(files[1]!, bytes);
    const warnings: string[] = [];

    const info = newestCheckpoint(dir, { warn: (text) => void warnings.push(text) });

    expect(info).toMatchObject({ step: 1, file: files[0] });
    expect(warnings).toEqual([
      expect.stringMatching(
        /step-000000003\.ckpt" is damaged: it has 100 bytes of \d+\. The one of step 1 is taken\.$/,
      ),
      expect.stringMatching(
        /step-000000002\.ckpt" is damaged: segment \d does not have its checksum\./,
      ),
    ]);
  });

  test('is no matter where an earlier step is asked for', ({ dir, files }) => {
    truncateSync(files[2]!, 100);

    expect(newestCheckpoint(dir, { step: 2, warn: expect.fail })?.step).toBe(2);
  });

  test('is no matter where a later one is whole', ({ dir, files }) => {
    truncateSync(files[0]!, 100);

    expect(newestCheckpoint(dir, { warn: expect.fail })?.step).toBe(3);
  });

  test('leaves nothing where it was the only one, and that is said', ({ dir, files }) => {
    for (const file of files.slice(1)) rmSync(file);
    truncateSync(files[0]!, 20);
    const warnings: string[] = [];

    expect(newestCheckpoint(dir, { warn: (text) => void warnings.push(text) })).toBeUndefined();

    expect(warnings.join()).toMatch(/too few for a checkpoint\. No whole one is before it\.$/);
  });

  test('goes when its run goes on from the one before', async ({ dir, files }) => {
    truncateSync(files[2]!, 100);
    const checkpoints = new Checkpoints(dir, { mode: 'gap', gap: 2 }, expect.fail);

    checkpoints.goOnFrom(newestCheckpoint(dir, { warn: () => {} }), join(dir, 'aside'));

    expect(readdirSync(checkpointsDir(dir))).toEqual([
      'step-000000001.ckpt',
      'step-000000002.ckpt',
    ]);
    expect(checkpoints.calls).toBe(2);
  });
});

describe('a checkpoint', () => {
  test('that is not there is named', async ({ dir }) => {
    await expect(readCheckpoint(join(dir, 'no.ckpt'))).rejects.toThrow('There is no checkpoint "');
    expect(newestCheckpoint(dir, { warn: expect.fail })).toBeUndefined();
    expect(listCheckpoints(dir)).toEqual([]);
  });

  test('of another format is refused', async ({ dir }) => {
    const file = join(dir, 'step-000000001.ckpt');
    writeFileSync(file, 'x'.repeat(100));

    await expect(readCheckpoint(file)).rejects.toThrow('it does not begin as a checkpoint does');
  });

  // Independent of all our code: the standard library of another language, from the format's words.
  test('can be read by a program that knows only the format', ({ files }) => {
    const program = join(import.meta.dirname, '../fixtures/checkpoints/read.py');

    const text = execFileSync('python3', [program, files[1]!, 'weights'], { encoding: 'utf8' });

    const { info, values } = JSON.parse(text) as { info: object; values: number[] };
    expect(info).toMatchObject({ step: 2, call: 1, reason: 'all' });
    expect(values).toEqual([...STATE.weights]);
  });
});
