import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readmeCommands, readmeConfigs, readmePrograms, readmeScripts } from '../helpers/readme.ts';
import { REPO, start } from '../helpers/run-exp.ts';
import { manifestOf, progressOf, runDirs } from '../helpers/stored.ts';
import { readScalars } from '../helpers/tensorboard.ts';
import { NODE_MAJORS, nodeBinary } from '../setup/tool-paths.ts';

const missing = inject('missingTools');

// One empty project, made the way a newcomer does it: `npm init -y` says "type": "commonjs".
let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'exptools-project-'));
  const quiet = { cwd: project, stdio: 'pipe', encoding: 'utf8' } as const;
  // The build is there already, and other tests use it: packing must not make it anew.
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', project];
  const packed = execFileSync('npm', pack, { ...quiet, cwd: REPO });
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  execFileSync('npm', ['init', '-y'], quiet);
  execFileSync('npm', ['install', '--no-audit', '--no-fund', `./${filename}`, 'zod'], quiet);
  const files = [...readmePrograms(), ...readmeScripts(), ...readmeConfigs()];
  for (const { file, code } of files) {
    writeFileSync(join(project, file), code);
  }
  copyFileSync(join(REPO, 'test/fixtures/faulty/main.ts'), join(project, 'faulty.ts'));
}, 300_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('the packed package in an empty project', () => {
  test('has a bridge to TensorFlow.js that only needs it when it is used', async () => {
    const program = `const { loadTf } = await import('exptools/tfjs');
      await loadTf().catch(({ code, message }) => console.log(code, message));`;

    const { stdout } = await start(process.execPath, ['--input-type=module', '-e', program], {
      cwd: project,
    }).finished;

    expect(stdout).toBe(
      'EXP_TFJS TensorFlow.js is not installed. Install it with: npm install @tensorflow/tfjs\n',
    );
    // What a README command installs, from here on: it has 300 MB.
    symlinkSync(join(REPO, 'node_modules/@tensorflow'), join(project, 'node_modules/@tensorflow'));
  });

  test('type-checks every program of the README', { timeout: 120_000 }, async () => {
    const options = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: 'es2022',
      lib: ['es2023', 'dom', 'esnext.disposable', 'esnext.decorators'],
      module: 'esnext',
      moduleResolution: 'bundler',
      types: [],
    };
    writeFileSync(
      join(project, 'readme.json'),
      JSON.stringify({ compilerOptions: options, files: readmePrograms().map(({ file }) => file) }),
    );

    const tsc = join(REPO, 'node_modules/.bin/tsc');
    const { code, stdout } = await start(tsc, ['-p', 'readme.json'], { cwd: project }).finished;

    expect(stdout).toBe('');
    expect(code).toBe(0);
  });

  test('runs every command of the README', { timeout: 300_000 }, async () => {
    const commands = readmeCommands().filter((command) => !command.startsWith('npm '));
    expect(commands.length).toBeGreaterThan(12);

    for (const command of commands) {
      const { code, stderr } = await start('sh', ['-c', command], { cwd: project }).finished;
      expect(code, `${command}\n${stderr}`).toBe(0);
    }

    expect(existsSync(join(project, 'runs/own-sink'))).toBe(true);
    const [run] = runDirs(join(project, 'runs'), 'logging');
    expect(progressOf(run!).map((row) => row['step'])).toEqual(['0', '10', '11', '12', '13', '14']);
  });

  describe.for(NODE_MAJORS)('on Node %i', (major) => {
    test(
      'survives a run that throws and one that is killed',
      { timeout: 120_000 },
      async ({ skip }) => {
        skip(missing[`node-${major}`] !== undefined, missing[`node-${major}`]);
        const root = join(project, `node-${major}`);
        const runExp = join(project, 'node_modules/exptools/dist/src/cli/run-exp.js');

        const { code, stdout, stderr } = await start(
          nodeBinary(major),
          [runExp, 'faulty.ts', '--sweep', '--root', root],
          { cwd: project },
        ).finished;

        const dirs = runDirs(root, 'faulty');
        const manifests = dirs.map(manifestOf);
        const failed = manifests.filter(({ status }) => status === 'failed');
        expect(code).toBe(1);
        expect(dirs).toHaveLength(12);
        expect(manifests.filter(({ status }) => status === 'completed')).toHaveLength(10);
        expect(failed.map(({ error }) => error.message as string).sort()).toEqual([
          expect.stringContaining('killed by SIGKILL'),
          'task 3 has no data',
        ]);
        expect(stderr).toContain('2 of 12 runs failed');
        expect(stderr).toContain('Error: task 3 has no data');
        expect(stdout).toContain('npx run-exp ls --sweep');
        expect(manifests[0]!['versions'].node).toMatch(new RegExp(`^${major}\\.`));
      },
    );

    test('leaves event files in which TensorBoard reads what the CSVs hold', ({ skip }) => {
      skip(missing[`node-${major}`] !== undefined, missing[`node-${major}`]);
      skip(missing['tensorboard'] !== undefined, missing['tensorboard']);
      const dirs = runDirs(join(project, `node-${major}`), 'faulty');

      const scalars = readScalars(...dirs);

      for (const dir of dirs.filter((at) => readdirSync(at).includes('progress.csv'))) {
        for (const tag of ['value', 'task']) {
          // The run that was killed at once may have written nothing: then neither file has rows.
          expect((scalars[dir]![tag] ?? []).map(({ step, value }) => [step, value])).toEqual(
            progressOf(dir).map((row) => [Number(row['step']), Math.fround(Number(row[tag]))]),
          );
        }
      }
    });
  });
});
