import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, onTestFinished } from 'vitest';
import { Checkpoints } from '../../src/checkpoint/checkpoints.ts';
import { listCheckpoints, newestCheckpoint, readCheckpoint } from '../../src/checkpoint/list.ts';
import { checkpointsDir } from '../../src/core/layout.ts';
import { Rng } from '../../src/random/rng.ts';
import { start } from '../helpers/run-exp.ts';
import { testOnDisk } from '../helpers/small-disk.ts';
import { test } from '../helpers/temp-dir.ts';

const MIB = 1 << 20;
const LOOP = join(import.meta.dirname, '../fixtures/checkpoints/save-loop.ts');

describe('a process that is killed while it saves', () => {
  test(
    'leaves its last checkpoint whole, at whatever moment',
    { timeout: 120_000 },
    async ({ dir }) => {
      const rng = new Rng(3);
      const loader = import.meta.resolve('@oxc-node/core/register');
      let told = -1;
      for (let kill = 0; kill < 10; kill++) {
        const { child, finished } = start(process.execPath, ['--import', loader, LOOP, dir]);
        onTestFinished(() => void child.kill('SIGKILL'));
        await once(child.stdout!, 'data');
        await setTimeout(rng.uniform(0, 60)); // any moment
        child.kill('SIGKILL');
        const { stdout, stderr } = await finished;

        told = Math.max(told, ...stdout.trim().split('\n').map(Number));
        const newest = newestCheckpoint(dir, { warn: expect.fail })!;
        const { state, context } = await readCheckpoint(newest.file);
        const { step, weights } = state as { step: number; weights: Float64Array };
        expect(stderr).toBe('');
        expect(newest.step).toBeGreaterThanOrEqual(told);
        expect([step, context]).toEqual([newest.step, { rows: step }]);
        expect(weights.every((weight) => weight === step)).toBe(true);
        expect(listCheckpoints(dir).length).toBeLessThanOrEqual(3);
      }
    },
  );

  test('leaves a temporary that the next one removes', async ({ dir }) => {
    const at = checkpointsDir(dir);
    mkdirSync(at);
    writeFileSync(join(at, 'step-000000007.ckpt.123.tmp'), 'half');
    expect(listCheckpoints(dir)).toEqual([]);

    await new Checkpoints(dir, { mode: 'last' }, expect.fail).save(1, 2, { step: 8 });

    expect(readdirSync(at)).toEqual(['step-000000008.ckpt']);
  });
});

describe('a disk that takes no more', () => {
  const test = testOnDisk('8m');

  test('leaves the checkpoints before, no half one, and says so', async ({ disk }) => {
    const checkpoints = new Checkpoints(disk, { mode: 'last', keep: 2 }, expect.fail);
    await checkpoints.save(new Uint8Array(3 * MIB).fill(1), null, { step: 1 });
    await checkpoints.save(new Uint8Array(3 * MIB).fill(2), null, { step: 2 });

    const saving = checkpoints.save(new Uint8Array(3 * MIB).fill(3), null, { step: 3 });

    await expect(saving).rejects.toMatchObject({
      code: 'EXP_CHECKPOINT',
      message: expect.stringMatching(
        /^Cannot save a checkpoint of step 3 .*ENOSPC.*The checkpoints before it are as they were\.$/,
      ) as string,
    });
    const saved = ['step-000000001.ckpt', 'step-000000002.ckpt'];
    expect(readdirSync(checkpointsDir(disk))).toEqual(saved);
    const { file } = newestCheckpoint(disk, { warn: expect.fail })!;
    const { state } = await readCheckpoint(file);
    expect(Buffer.alloc(3 * MIB, 2).equals(state as Uint8Array)).toBe(true);
  });

  test('is used again once there is room', async ({ disk }) => {
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, Buffer.alloc(6 * MIB));
    const checkpoints = new Checkpoints(disk, { mode: 'last' }, expect.fail);
    const state = new Float64Array(MIB / 2).fill(0.1);
    await expect(checkpoints.save(state, null, { step: 1 })).rejects.toThrow('ENOSPC');

    rmSync(ballast);
    await checkpoints.save(state, null, { step: 2 });

    expect(listCheckpoints(disk).map(({ step, call }) => [step, call])).toEqual([[2, 1]]);
  });

  test('that is read-only is named', async ({ disk }) => {
    const checkpoints = new Checkpoints(disk, { mode: 'last' }, expect.fail);
    await checkpoints.save('before', null, { step: 1 });
    execFileSync('mount', ['-o', 'remount,ro', disk]);

    const saving = checkpoints.save('after', null, { step: 2 });

    await expect(saving).rejects.toThrow(/^Cannot save a checkpoint of step 2 in ".*EROFS/);
    const { file } = newestCheckpoint(disk, { warn: expect.fail })!;
    expect((await readCheckpoint(file)).state).toBe('before');
  });
});

describe('a large state', () => {
  test('is written from where it is: no second copy is in memory', async ({ dir }) => {
    const checkpoints = new Checkpoints(dir, { mode: 'last' }, expect.fail);
    const state = Array.from({ length: 8 }, (_, i) => new Float64Array(4 * MIB).fill(i)); // 256 MiB
    const before = process.resourceUsage().maxRSS;

    await checkpoints.save(state, null, { step: 1 });

    expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(64);
  });
});
