import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import type { Outcome, RunProgress } from '../../src/core/launcher.ts';
import type { RunSpec } from '../../src/core/run-spec.ts';
import { LocalLauncher } from '../../src/launch/local-launcher.ts';
import type { Command } from '../../src/launch/pinning.ts';
import { readManifest } from '../../src/store/manifest-file.ts';
import { isAlive } from '../../src/store/process-identity.ts';
import { specOf } from '../helpers/spec.ts';
import { test } from '../helpers/temp-dir.ts';

const SLOT = { index: 0, cpus: [] };
const NEVER = new AbortController().signal;

describe('LocalLauncher', () => {
  test('makes a failed run of a process that ends without an ending', async ({ dir }) => {
    const outcome = await launch(dir, "console.error('what now?'); process.exitCode = 3;");

    expect(outcome).toMatchObject({
      status: 'failed',
      reason: 'the process ended with exit code 3: what now?',
      stderr: ['what now?'],
    });
    expect(readManifest(outcome.spec.dir)).toMatchObject({
      status: 'failed',
      error: { exitCode: 3 },
    });
  });

  test('believes the ending that the process has written', async ({ dir }) => {
    const { status } = await launch(
      dir,
      `process.once('message', ({ spec }) => {
        const path = spec.dir + '/run.json';
        const manifest = JSON.parse(fs.readFileSync(path));
        fs.writeFileSync(path, JSON.stringify({ ...manifest, status: 'diverged' }));
        process.exit(1);
      });`,
    );

    expect(status).toBe('diverged');
  });

  test('passes on what the process tells of its progress', async ({ dir }) => {
    const heard: RunProgress[] = [];

    await launch(
      dir,
      `process.once('message', () => {
        const progress = { step: 7, metrics: { loss: NaN } };
        process.send({ type: 'progress', progress }, () => process.exit());
      });`,
      { onProgress: (progress) => heard.push(progress) },
    );

    expect(heard).toEqual([{ step: 7, metrics: { loss: Number.NaN } }]);
  });

  test('keeps both streams in output.log, as a terminal would show them', async ({ dir }) => {
    const { spec } = await launch(
      dir,
      `process.stdout.write('10 %\\r20 %\\r30 %\\n');
       process.stderr.write('\\u001b[31mred\\u001b[0m without an end');`,
    );

    const [start, ...lines] = readFileSync(join(spec.dir, 'output.log'), 'utf8').split('\n');
    expect(start).toMatch(/ START toy main, run the-run$/);
    expect(lines.splice(-2)).toEqual([
      expect.stringMatching(/ END {3}toy main failed after .*: the process ended with exit code 0/),
      '',
    ]);
    expect(lines.sort()).toEqual(['30 %', 'red without an end']);
  });

  test('reports the last 20 lines of stderr', async ({ dir }) => {
    const { stderr } = await launch(dir, 'for (let i = 0; i < 50; i++) console.error(i);');

    expect(stderr).toEqual(Array.from({ length: 20 }, (_, i) => String(30 + i)));
  });

  test('makes a failed run when the process cannot start', async ({ dir }) => {
    const launcher = new LocalLauncher({ file: join(dir, 'absent'), args: [], env: {} });

    const outcome = await launcher.run(specIn(dir), SLOT, { signal: NEVER, onProgress: () => {} });

    expect(outcome).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('ENOENT') as string,
    });
    expect(readManifest(outcome.spec.dir)).toMatchObject({ status: 'failed' });
  });

  test('makes a failed run when its directory holds something else', async ({ dir }) => {
    mkdirSync(join(specIn(dir).dir, 'photos'), { recursive: true });

    const outcome = await launch(dir, '');

    expect(outcome).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('file already exists') as string,
    });
  });

  test('makes an interrupted run when it is aborted', async ({ dir }) => {
    const controller = new AbortController();

    const outcome = await launch(
      dir,
      `process.once('message', () => process.send({ type: 'progress', progress: {} }));
       setInterval(() => {}, 1000);`,
      { signal: controller.signal, onProgress: () => controller.abort() },
    );

    expect(outcome).toMatchObject({ status: 'interrupted', reason: 'stopped' });
    expect(readManifest(outcome.spec.dir)).not.toHaveProperty('error');
  });

  test('ends a process that takes too long, as timeout', async ({ dir }) => {
    const outcome = await launch(dir, 'setInterval(() => {}, 1000);', { timeoutMs: 500 });

    expect(outcome).toMatchObject({ status: 'timeout', reason: 'took longer than 0.5s' });
    expect(readManifest(outcome.spec.dir)).toMatchObject({
      status: 'timeout',
      stopReason: 'took longer than 0.5s',
      attempts: [{ status: 'timeout', reason: 'took longer than 0.5s' }],
    });
  });

  test('says timeout though the process had time to call itself interrupted', async ({ dir }) => {
    const { spec, status } = await launch(
      dir,
      `process.once('message', ({ spec }) => {
        process.on('SIGTERM', () => {
          const path = spec.dir + '/run.json';
          const attempts = [{ process: { pid: 1, host: '' }, startedAt: '', status: 'interrupted' }];
          const manifest = { ...JSON.parse(fs.readFileSync(path)), status: 'interrupted', attempts };
          fs.writeFileSync(path, JSON.stringify(manifest));
          process.exit(1);
        });
      });
      setInterval(() => {}, 1000);`,
      { timeoutMs: 500 },
    );

    expect(status).toBe('timeout');
    expect(readManifest(spec.dir)).toMatchObject({
      status: 'timeout',
      attempts: [{ status: 'timeout', reason: 'took longer than 0.5s' }],
    });
  });

  test('leaves a process alone that ends in time', async ({ dir }) => {
    const outcome = await launch(dir, 'process.exit(7);', { timeoutMs: 60_000 });

    expect(outcome).toMatchObject({ status: 'failed' });
  });

  test('says how to give more memory to a process whose heap was full', async ({ dir }) => {
    const { reason } = await launch(
      dir,
      'const all = []; for (;;) all.push(Array(1000).fill(all.length));',
      { env: { NODE_OPTIONS: '--max-old-space-size=30' } },
    );

    expect(reason).toBe(
      'out of memory: the heap of JavaScript was full (SIGABRT). ' +
        'Give it more, in MB: NODE_OPTIONS=--max-old-space-size=8192',
    );
  });

  test('starts a run over that has failed before', async ({ dir }) => {
    await launch(dir, "console.log('first'); process.exit(3);");
    const { spec } = await launch(dir, "console.log('second'); process.exit(4);");

    const reasons = readManifest(spec.dir).attempts.map(({ reason }) => reason);
    expect(reasons).toEqual([
      'the process ended with exit code 3',
      'the process ended with exit code 4',
    ]);
    expect(readFileSync(join(spec.dir, 'output.log'), 'utf8')).toContain('second');
    expect(readFileSync(join(spec.dir, 'attempts/1/output.log'), 'utf8')).toContain('first');
  });

  test('ends a process that cannot be told what to run', async ({ dir }) => {
    const launcher = new LocalLauncher(commandOf(dir, 'setInterval(() => {}, 1000);'));
    const spec: RunSpec = { ...specIn(dir), config: (() => 1) as unknown as Json };

    const { status, reason } = await launcher.run(spec, SLOT, {
      signal: NEVER,
      onProgress: () => {},
    });

    expect([status, reason]).toEqual([
      'failed',
      expect.stringContaining('could not be cloned') as string,
    ]);
    const [attempt] = readManifest(spec.dir).attempts;
    expect(attempt!.process.pid).not.toBe(process.pid);
    expect(isAlive(attempt!.process)).toBe(false);
  });

  test('ends a process that is aborted before it has started', async ({ dir }) => {
    const outcome = await launch(dir, 'setInterval(() => {}, 1000);', {
      signal: AbortSignal.abort(),
    });

    expect(outcome).toMatchObject({ status: 'interrupted' });
  });
});

interface Setup {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
  readonly timeoutMs?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** Launches a run whose process executes `script`. */
function launch(dir: string, script: string, { env, ...options }: Setup = {}): Promise<Outcome> {
  const launcher = new LocalLauncher(commandOf(dir, script, env));
  return launcher.run(specIn(dir), SLOT, { signal: NEVER, onProgress: () => {}, ...options });
}

/** The command whose process executes `script`. */
function commandOf(dir: string, script: string, env: NodeJS.ProcessEnv = {}): Command {
  const file = join(dir, 'worker.cjs');
  writeFileSync(file, `const fs = require('node:fs');\n${script}\n`);
  return { file: process.execPath, args: [file], env: { ...process.env, ...env } };
}

function specIn(dir: string): RunSpec {
  return specOf({ dir: join(dir, 'toy/the-run') });
}
