import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test as plain } from 'vitest';
import { parseSinkNames } from '../../src/core/sink-names.ts';
import { chooseSinks, makeSinks } from '../../src/run/sinks.ts';
import { memorySink } from '../../src/testing.ts';
import { makeProject } from '../helpers/project.ts';
import { REPO, runExp, start } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';
import { writeFiles } from '../helpers/typescript-project.ts';

describe('the sinks of a run', () => {
  const sayings = { flag: ['jsonl'], code: ['csv'], project: ['tensorboard'] } as const;
  const env = { EXP_SINKS: 'stdout' };

  plain('are those of the flag, the environment, code, the project file, or the usual', () => {
    const { flag: _, ...withoutFlag } = sayings;
    const { project } = sayings;

    expect(chooseSinks(sayings, env)).toEqual({ names: ['jsonl'], by: 'flag' });
    expect(chooseSinks(withoutFlag, env)).toEqual({ names: ['stdout'], by: 'environment' });
    expect(chooseSinks(withoutFlag, {})).toEqual({ names: ['csv'], by: 'code' });
    expect(chooseSinks({ project }, {})).toEqual({ names: ['tensorboard'], by: 'project' });
    expect(chooseSinks({}, {})).toEqual({
      names: ['csv', 'tensorboard', 'artifacts', 'stdout'],
      by: 'default',
    });
  });

  plain('are none where someone says so; an empty variable says nothing', () => {
    expect(chooseSinks({ flag: [] }, env).names).toEqual([]);
    expect(chooseSinks({ code: [] }, {}).names).toEqual([]);
    expect(chooseSinks({}, { EXP_SINKS: 'none' })).toEqual({ names: [], by: 'environment' });
    expect(chooseSinks({ code: ['csv'] }, { EXP_SINKS: ' ' }).names).toEqual(['csv']);
  });

  plain.for([
    ['csv, stdout', ['csv', 'stdout']],
    ['csv,csv,', ['csv']],
    ['none', []],
    ['', []],
  ] as const)('read from %j are %j', ([text, names]) => {
    expect(parseSinkNames(text)).toEqual(names);
  });

  plain('cannot be some and none', () => {
    expect(() => parseSinkNames('csv,none')).toThrow('"csv,none" asks for sinks and for none.');
  });

  plain('are known by name, also those that the user brings along', () => {
    const mine = memorySink('mine');

    const [first] = makeSinks({ names: ['mine'], by: 'flag' }, [mine]);

    expect(first).toBe(mine);
    expect(() => makeSinks({ names: ['mime'], by: 'flag' }, [mine])).toThrow(
      'There is no sink "mime". Did you mean "mine"?',
    );
    expect(() => makeSinks({ names: ['toString'], by: 'environment' })).toThrow(
      'There is no sink "toString", which EXP_SINKS asks for. Known: csv, jsonl, tensorboard, artifacts, stdout.',
    );
  });
});

const RUN_EXP = join(REPO, 'dist/src/cli/run-exp.js');

const MAIN = `
import { experiment, logger } from 'exptools';
export default experiment({ name: 'plain' }, () => {
  for (let i = 0; i < 3; i++) logger.log({ third: i + 1 / 3 });
});
`;

describe('run-exp', () => {
  test('takes sinks from a flag over the environment over the project file', async ({ dir }) => {
    makeProject(dir);
    const yaml = 'sinks: [csv, { name: stdout, everyMs: 0, digits: 2 }]\n';
    writeFiles(dir, { 'main.ts': MAIN, 'exptools.config.yaml': yaml });
    const cases = [
      [[], {}, ['csv', 'stdout']],
      [[], { EXP_SINKS: 'jsonl' }, ['jsonl']],
      [['--sinks', 'csv'], { EXP_SINKS: 'jsonl' }, ['csv']],
      [['--sinks', 'none'], {}, []],
    ] as const;

    const outputs: string[] = [];
    for (const [flags, env, sinks] of cases) {
      const { code, stdout } = await runExp(['main.ts', ...flags], { cwd: dir, env });
      expect(code).toBe(0);
      outputs.push(stdout.replaceAll(/\d\.\d s/g, 'T'));
      const run = runDirs(join(dir, 'runs'), 'plain').at(-1)!;
      expect(manifestOf(run)['sinks']).toEqual(sinks);
      expect(readdirSync(run).includes('metrics.jsonl')).toBe(sinks.includes('jsonl' as never));
    }

    expect(outputs[0]).toBe('step 0  T  third 0.33\nstep 1  T  third 1.3\nstep 2  T  third 2.3\n');
    expect(outputs.slice(1)).toEqual(['', '', '']);
  });

  test('names the nearest sink, and starts nothing', async ({ dir }) => {
    makeProject(dir);
    writeFiles(dir, { 'main.ts': MAIN });

    const { code, stderr } = await runExp(['main.ts'], { cwd: dir, env: { EXP_SINKS: 'cvs' } });

    expect(code).toBe(2);
    expect(stderr).toContain(
      'There is no sink "cvs", which EXP_SINKS asks for. Did you mean "csv"?',
    );
    expect(readdirSync(dir)).not.toContain('runs');
  });

  test('says in --help which sinks there are and who chose them', async ({ dir }) => {
    makeProject(dir);
    writeFiles(dir, { 'main.ts': MAIN });
    const help = async (flags: string[], env: NodeJS.ProcessEnv): Promise<string> =>
      (await runExp(['main.ts', '--help', ...flags], { cwd: dir, env })).stdout;

    expect(await help([], {})).toContain(
      'Sinks  unless you say otherwise\n  csv, tensorboard, artifacts, stdout\n  not used: jsonl\n',
    );
    expect(await help([], { EXP_SINKS: 'csv' })).toContain('Sinks  as EXP_SINKS says\n  csv\n');
    expect(await help(['--sinks', 'none'], {})).toContain('Sinks  as --sinks says\n  none\n');
  });

  test('shows nothing where EXP_QUIET=1, but keeps what was printed', async ({ dir }) => {
    makeProject(dir);
    writeFiles(dir, { 'main.ts': MAIN });

    const { code, stdout, stderr } = await runExp(['main.ts'], {
      cwd: dir,
      env: { EXP_QUIET: '1' },
    });

    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
    const [run] = runDirs(join(dir, 'runs'), 'plain');
    expect(readFileSync(join(run!, 'output.log'), 'utf8')).toContain('third 2.333');
  });

  test('fits the table into the terminal that it passes the output on to', async ({
    dir,
    skip,
  }) => {
    skip(
      spawnSync('script', ['--version']).status !== 0,
      'there is no script(1) to make a terminal',
    );
    makeProject(dir);
    writeFiles(dir, { 'main.ts': MAIN.replace('third: i', "'train/a_long_name_of_a_third': i") });
    const command = `stty cols 50; "${process.execPath}" "${RUN_EXP}" main.ts`;

    const { code, stdout } = await start('script', ['-qec', command, '/dev/null'], { cwd: dir })
      .finished;

    expect(code).toBe(0);
    expect(stdout.replaceAll('\r', '').replaceAll(/\d\.\d s/g, '0.0 s')).toContain(
      '── step 2 ───────────────────── 0.0 s ──\n  train  a_long_name_of_a_third  2.333\n',
    );
  });
});
