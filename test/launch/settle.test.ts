import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import type { Manifest } from '../../src/core/manifest.ts';
import { settle, settledOutcome } from '../../src/launch/settle.ts';
import { readManifest, writeManifest } from '../../src/store/manifest-file.ts';
import { specOf } from '../helpers/spec.ts';
import { test as inDir } from '../helpers/temp-dir.ts';

const KILLED = {
  status: 'failed',
  reason: 'killed by SIGKILL',
  exit: { code: null, signal: 'SIGKILL' },
} as const;

describe('settle', () => {
  inDir('writes the verdict for a run whose process wrote no ending', ({ dir }) => {
    writeManifest(dir, manifest('running'));

    const settled = settle(dir, KILLED);

    expect(settled).toMatchObject({
      status: 'failed',
      stopReason: 'killed by SIGKILL',
      error: { message: 'killed by SIGKILL', signal: 'SIGKILL' },
      attempts: [
        {
          status: 'failed',
          reason: 'killed by SIGKILL',
          startedAt: '2026-01-01T00:00:00.000Z',
        },
      ],
    });
    expect(settled.endedAt).toBe(settled.attempts[0]!.endedAt);
    expect(readManifest(dir)).toEqual(settled);
  });

  inDir('writes the exit code of a process that ended by itself', ({ dir }) => {
    writeManifest(dir, manifest('running'));

    const { error } = settle(dir, { ...KILLED, exit: { code: 7, signal: null } });

    expect(error).toEqual({ message: 'killed by SIGKILL', exitCode: 7 });
  });

  inDir('makes an attempt of a process that ended before it began', ({ dir }) => {
    writeManifest(dir, { ...manifest('queued'), attempts: [] });

    const process = { pid: 12, host: 'here' };
    const settled = settle(dir, { status: 'interrupted', reason: 'stopped', process });

    expect(settled).toMatchObject({
      status: 'interrupted',
      stopReason: 'stopped',
      attempts: [{ process, status: 'interrupted', reason: 'stopped' }],
    });
    expect(settled).not.toHaveProperty('error');
  });

  inDir('settles only the last attempt', ({ dir }) => {
    const { attempts } = manifest('running');
    const first = { ...attempts[0]!, status: 'interrupted' };
    writeManifest(dir, { ...manifest('running'), attempts: [first, ...attempts] });

    expect(settle(dir, KILLED).attempts.map(({ status }) => status)).toEqual([
      'interrupted',
      'failed',
    ]);
  });

  for (const status of ['completed', 'failed', 'interrupted', 'timeout', 'diverged']) {
    inDir(`leaves a run alone that says ${status}`, ({ dir }) => {
      writeManifest(dir, manifest(status));

      expect(settle(dir, KILLED)).toEqual(manifest(status));
      expect(readManifest(dir)).toEqual(manifest(status));
    });
  }

  const LATE = { status: 'timeout', reason: 'took longer than 2h' } as const;

  for (const status of ['interrupted', 'failed']) {
    inDir(`makes a timeout of a run that was late, whatever it says: ${status}`, ({ dir }) => {
      writeManifest(dir, manifest(status));

      expect(settle(dir, LATE)).toMatchObject({
        status: 'timeout',
        stopReason: 'took longer than 2h',
        attempts: [{ status: 'timeout', reason: 'took longer than 2h' }],
      });
    });
  }

  for (const status of ['completed', 'diverged']) {
    inDir(`leaves a run alone that was ${status} as its time ran out`, ({ dir }) => {
      writeManifest(dir, manifest(status));

      expect(settle(dir, LATE)).toEqual(manifest(status));
    });
  }

  describe('of a further command in a run that is over', () => {
    const entered = (status: string, of: string): Manifest => {
      const { attempts, ...run } = manifest(of);
      return { ...run, attempts: [...attempts, { ...attempts[0]!, command: 'evaluate', status }] };
    };

    inDir('makes a timeout of its attempt alone', ({ dir }) => {
      writeManifest(dir, entered('interrupted', 'failed'));

      expect(settle(dir, LATE, true)).toMatchObject({
        status: 'failed',
        attempts: [{ status: 'failed' }, { status: 'timeout', reason: 'took longer than 2h' }],
      });
      expect(settle(dir, LATE, true)).not.toHaveProperty('entered');
    });

    inDir('leaves alone what has come to its end in time', ({ dir }) => {
      writeManifest(dir, entered('completed', 'interrupted'));

      expect(settle(dir, LATE, true)).toEqual(entered('completed', 'interrupted'));
    });
  });

  inDir('throws when the directory is gone', ({ dir }) => {
    mkdirSync(join(dir, 'empty'));

    expect(() => settle(join(dir, 'empty'), KILLED)).toThrow(/Cannot read .*run\.json/);
  });
});

describe('settledOutcome', () => {
  inDir('is the end that the process has written', ({ dir }) => {
    writeManifest(dir, manifest('diverged'));
    const spec = specOf({ dir });

    expect(settledOutcome(spec, KILLED, ['last'])).toEqual({
      spec,
      status: 'diverged',
      stderr: ['last'],
    });
  });

  inDir('starts the hooks that nobody has called, and no others', async ({ dir }) => {
    const tell = (name: string) => ['sh', '-c', `echo ${name} {status} >> ${join(dir, 'told')}`];
    const hooks = { after: tell('after'), onFailure: tell('onFailure') };
    const late = { status: 'timeout', reason: 'took longer than 2h' } as const;
    const settleAs = (status: string, entered?: true): void => {
      const over = status === 'evaluated' ? manifest('completed') : manifest(status);
      const attempts = over.attempts.map((one) => ({ ...one, status: 'failed' }));
      writeManifest(dir, status === 'evaluated' ? { ...over, attempts } : over);
      settledOutcome(specOf({ dir, hooks, ...(entered && { entered }) }), late);
    };
    const told = (count: number): Promise<string[]> =>
      vi.waitFor(() => {
        const lines = readFileSync(join(dir, 'told'), 'utf8').trimEnd().split('\n').sort();
        expect(lines).toHaveLength(count);
        return lines;
      }, 10_000);

    settleAs('failed'); // it has called both
    settleAs('evaluated', true); // so has a command that failed in a run that had completed
    settleAs('interrupted'); // it has called the first
    expect(await told(1)).toEqual(['onFailure timeout']);
    settleAs('running'); // it was killed
    expect(await told(3)).toEqual(['after timeout', 'onFailure timeout', 'onFailure timeout']);
  });

  inDir('tells how a run has ended though that cannot be recorded', ({ dir }) => {
    const verdict = { status: 'timeout', reason: 'took longer than 2h' } as const;

    const { status, reason } = settledOutcome(specOf({ dir: join(dir, 'gone') }), verdict);

    expect(status).toBe('timeout');
    expect(reason).toMatch(/^took longer than 2h; its end is not recorded: .*run\.json/);
  });
});

function manifest(status: string): Manifest {
  const startedAt = '2026-01-01T00:00:00.000Z';
  return {
    format: 1,
    id: '20260101-000000-000_abcdef',
    experiment: 'toy',
    status,
    command: 'main',
    overrides: [],
    seed: 1,
    createdAt: startedAt,
    sinks: [],
    attempts: [{ process: { pid: 1, host: 'here' }, startedAt, status }],
  };
}
