import { existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject } from 'vitest';
import { start, type Finished } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test as base } from '../helpers/temp-dir.ts';
import { LEGACY, STANDARD, writeProject } from '../helpers/typescript-project.ts';
import { NODE_MAJORS, nodeBinary } from '../setup/tool-paths.ts';

const MAIN = `
import { captured, command, experiment, inject } from 'exptools';
import { z } from 'zod';

@experiment({ name: 'direct', config: z.object({ lr: z.number().default(0.5) }), sinks: ['csv'] })
export class Direct {
  main() { return this.fit(); }
  @captured fit(lr: number = inject()) { return lr; }
  @command evaluate() { return 'evaluated'; }
  @command fail() { throw new RangeError('no luck'); }
}
`;

const SELF = `
import { runExperiment } from 'exptools';
import { Direct } from './main.js';

const run = await runExperiment<{ lr: number }>(Direct, { lr: 0.9 });
console.log(run.status, run.result);
`;

const test = base.extend<{ node: (...args: string[]) => Promise<Finished> }>({
  node: async ({ dir }, use) => {
    writeProject(dir, {
      'tsconfig.json': { compilerOptions: STANDARD },
      'main.ts': MAIN,
      'self.ts': SELF,
    });
    await use((...args) => register(process.execPath, dir, args));
  },
});

const REGISTERED = ['--import', 'exptools/register'];

function register(node: string, dir: string, args: readonly string[]): Promise<Finished> {
  return start(node, [...REGISTERED, ...args], { cwd: dir }).finished;
}

/** The results of the runs of `direct`, by age. */
function resultsIn(dir: string): unknown[] {
  return existsSync(join(dir, 'runs'))
    ? runDirs(join(dir, 'runs'), 'direct').map((run) => manifestOf(run)['result'])
    : [];
}

describe('node --import exptools/register', () => {
  const missing = inject('missingTools');

  describe.for([
    ['legacy', LEGACY],
    ['standard', STANDARD],
  ] as const)('with %s decorators', ([, compilerOptions]) => {
    base.for(NODE_MAJORS)(
      'runs the experiment of a file on Node %d',
      async (major, { dir, skip }) => {
        skip(missing[`node-${major}`] !== undefined, missing[`node-${major}`]);
        writeProject(dir, { 'tsconfig.json': { compilerOptions }, 'main.ts': MAIN });

        const { code, stderr } = await register(nodeBinary(major), dir, ['main.ts', 'lr=0.1']);

        expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
        expect(resultsIn(dir)).toEqual([0.1]);
      },
    );
  });

  test('runs another command', async ({ dir, node }) => {
    const { code } = await node('main.ts', 'evaluate');

    expect([code, resultsIn(dir)]).toEqual([0, ['evaluated']]);
  });

  test('exits with 1 when the run fails, with the error and its place', async ({ dir, node }) => {
    const { code, stderr } = await node('main.ts', 'fail');

    expect(code).toBe(1);
    expect(stderr).toMatch(/RangeError: no luck\n {4}at .*main\.ts:10:/);
    expect(manifestOf(runDirs(join(dir, 'runs'), 'direct')[0]!)).toMatchObject({
      status: 'failed',
    });
  });

  test('runs nothing more after a file that runs its experiment itself', async ({ dir, node }) => {
    const { code, stdout } = await node('self.ts', 'lr=0.1');

    expect([code, stdout, resultsIn(dir)]).toEqual([0, 'completed 0.9\n', [0.9]]);
  });

  test('runs nothing of a file that only imports an experiment', async ({ dir, node }) => {
    writeFileSync(join(dir, 'look.ts'), "import './main.js';\nconsole.log('looked');\n");

    const { code, stdout } = await node('look.ts');

    expect([code, stdout, resultsIn(dir)]).toEqual([0, 'looked\n', []]);
  });

  test('knows the file behind a link', async ({ dir, node }) => {
    symlinkSync(dir, join(dir, 'link'));

    const { code } = await node('link/main.ts');

    expect([code, resultsIn(dir)]).toEqual([0, [0.5]]);
  });

  test('runs no experiment of a file that throws', async ({ dir, node }) => {
    writeFileSync(join(dir, 'throws.ts'), `${MAIN}\nthrow new Error('too late');\n`);

    const { code, stderr } = await node('throws.ts');

    expect([code, resultsIn(dir)]).toEqual([1, []]);
    expect(stderr).toMatch(/Error: too late\n {4}at .*throws\.ts:13:7/);
  });

  base('leaves the environment of child processes alone', async ({ dir }) => {
    writeProject(dir, {});
    const program = 'console.log(JSON.stringify(process.env))';
    writeFileSync(join(dir, 'env.ts'), program);

    const where = { cwd: dir, env: { EXP_CLAIMS: dir } };
    const { stdout } = await start(process.execPath, [...REGISTERED, 'env.ts'], where).finished;
    const plain = await start(process.execPath, ['-e', program], where).finished;

    expect(JSON.parse(stdout)).toEqual(JSON.parse(plain.stdout));
  });

  test('is content without a file', async ({ node }) => {
    expect(await node('-p', '1 + 1')).toEqual({ code: 0, signal: null, stdout: '2\n', stderr: '' });
  });

  test.for([
    [['--sweep'], 'For --sweep use: npx run-exp main.ts --sweep'],
    [['--help'], 'For --help use: npx run-exp main.ts --help'],
    [['--print-config'], 'For --print-config use: npx run-exp main.ts --print-config'],
    [['--dry-run'], 'For --dry-run use: npx run-exp main.ts --dry-run'],
    [['--detach'], 'For --detach use: npx run-exp main.ts --detach'],
    [['--debug'], 'For --debug use: npx run-exp main.ts --debug'],
    [['--timeout', '2h'], 'For --timeout use: npx run-exp main.ts --timeout <time>'],
    [['lrr=1'], 'Config key "lrr" is unknown. Did you mean "lr"?'],
    [['lr=big'], 'Config "lr"'],
    [['evaluat'], 'The experiment "direct" has no command "evaluat". Did you mean "evaluate"?'],
    [['--experiment', 'direkt'], 'No experiment "direkt". Did you mean "direct"?'],
    [['--sinks', 'csw'], 'There is no sink "csw". Did you mean "csv"?'],
  ] as const)('refuses %j and creates nothing', async ([args, says], { dir, node }) => {
    const before = readdirSync(dir);

    const { code, stdout, stderr } = await node('main.ts', ...args);

    expect(stderr).toContain(`Error: ${says}`);
    expect([code, stdout, readdirSync(dir)]).toEqual([2, '', before]);
  });

  test('exits with 2 for a flag that there is none of', async ({ node }) => {
    const { code, stderr } = await node('main.ts', '--nmae', 'x');

    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean --name?');
  });

  base(
    'goes on when nobody reads its output any more, and says what was not shown',
    async ({ dir }) => {
      const main = `
      import { experiment, logger } from 'exptools';
      export default experiment({ name: 'piped', sinks: ['csv', 'stdout'] }, async () => {
        for (let step = 0; step < 100; step++) {
          console.log('step', step);
          console.error('step', step);
          logger.log({ step_squared: step ** 2 });
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        return 'done';
      });
    `;
      writeProject(dir, { 'main.ts': main });
      const line = `"${process.execPath}" --import exptools/register main.ts 2>&1 | head -1`;

      await start('sh', ['-c', line], { cwd: dir }).finished;

      const manifest = manifestOf(runDirs(join(dir, 'runs'), 'piped')[0]!);
      expect(manifest).toMatchObject({
        status: 'completed',
        result: 'done',
        degraded: [{ sink: 'stdout', reason: expect.stringContaining('EPIPE') }],
      });
    },
  );
});
