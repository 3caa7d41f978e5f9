import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, inject } from 'vitest';
import { identify } from '../../src/store/process-identity.ts';
import { withLock } from '../../src/tfjs/native/lock.ts';
import { runExp } from '../helpers/run-exp.ts';
import { test } from '../helpers/temp-dir.ts';
import { writeFiles } from '../helpers/typescript-project.ts';
import { TFJS_NODE_BUILD } from '../setup/tool-paths.ts';

const missing = inject('missingTools');
const canBuild = process.platform === 'linux' && process.arch === 'x64';

describe('run-exp setup-tfjs-node', () => {
  test('leaves a build that is there as it is', async ({ skip }) => {
    skip(missing['tfjs-node'] !== undefined, missing['tfjs-node']);

    const { code, stdout } = await runExp(['setup-tfjs-node', TFJS_NODE_BUILD]);

    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining(`tfjs-node is there already: ${TFJS_NODE_BUILD}`) as string,
    });
  });

  test('says how to use a build that is not in the place of the project', async ({ dir, skip }) => {
    skip(missing['tfjs-node'] !== undefined, missing['tfjs-node']);
    const elsewhere = join(dir, 'elsewhere');
    symlinkSync(TFJS_NODE_BUILD, elsewhere);

    const { stdout } = await runExp(['setup-tfjs-node', elsewhere]);

    expect(stdout).toContain(`To use it: export EXP_TFJS_NODE="${elsewhere}"`);
  });

  test.runIf(canBuild)('names the program it lacks, before it costs anything', async ({ dir }) => {
    writeFiles(dir, { 'package.json': {} });
    const bin = join(dir, 'bin');
    mkdirSync(bin);
    for (const name of ['node', 'npm']) symlinkSync(whereIs(name), join(bin, name));

    const { code, stdout, stderr } = await runExp(['setup-tfjs-node'], {
      cwd: dir,
      env: { PATH: bin },
    });

    expect(stderr).toContain('The native engine needs g++, and "g++ --version" fails.');
    expect([code, stdout]).toEqual([2, '']);
    expect(existsSync(join(dir, '.cache/tfjs-node/node_modules'))).toBe(false);
  });

  test.runIf(canBuild)('shows what a step that fails has to say', async ({ dir }) => {
    writeFiles(dir, { 'package.json': {} });

    const { code, stderr } = await runExp(['setup-tfjs-node'], {
      cwd: dir,
      // a registry that nobody is behind
      env: { npm_config_registry: 'http://127.0.0.1:9/', npm_config_fetch_retries: '0' },
    });

    expect(code).toBe(2);
    expect(stderr).toMatch(/could not be built: npm install failed\.[^]*127\.0\.0\.1:9/);
    expect(stderr).toContain('the same command goes on from here');
    expect(existsSync(join(dir, '.cache/tfjs-node/.lock'))).toBe(false);
  });
});

describe('the lock of a build', () => {
  test('is held while the work is done, and given back when it fails', ({ dir }) => {
    const file = join(dir, '.lock');

    expect(() =>
      withLock(
        file,
        () => {},
        () => {
          expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
          throw new Error('no luck');
        },
      ),
    ).toThrow('no luck');

    expect(existsSync(file)).toBe(false);
  });

  test('does not count when its process is gone', ({ dir }) => {
    const file = join(dir, '.lock');
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(file, JSON.stringify({ ...identify(), pid, startTicks: 1 }));
    let waited = 0;

    const result = withLock(
      file,
      () => void waited++,
      () => 'done',
    );

    expect([result, waited]).toEqual(['done', 1]);
  });
});

function whereIs(program: string): string {
  const dirs = [dirname(process.execPath), ...process.env['PATH']!.split(delimiter)];
  return join(
    dirs.find((dir) => existsSync(join(dir, program)))!,
    program,
  );
}
