import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { makeProject } from '../helpers/project.ts';
import { REPO, runExp, startRunExp, type Finished } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test as base } from '../helpers/temp-dir.ts';

const FILE = 'recorded/main.ts';
const LOCK = '{ "lockfileVersion": 3 }\n';

/** A project with a lockfile, and what to type in it. */
const test = base.extend<{ type: (line: string, env?: NodeJS.ProcessEnv) => Promise<Finished> }>({
  type: async ({ dir }, use) => {
    makeProject(dir, 'recorded');
    writeFileSync(join(dir, 'package-lock.json'), LOCK);
    await use((line, env = {}) => runExp(line.split(' '), { cwd: dir, env }));
  },
});

function environmentOf(run: string): Record<string, any> {
  return JSON.parse(readFileSync(join(run, 'environment.json'), 'utf8')) as Record<string, any>;
}

function onlyRun(dir: string): string {
  return runDirs(join(dir, 'runs'), 'recorded')[0]!;
}

describe('environment.json of a run', () => {
  test('has package.json and lockfile with their hashes', async ({ dir, type }) => {
    await type(FILE);

    const { packageJson, lockfile } = environmentOf(onlyRun(dir));
    const sha256 = createHash('sha256').update(LOCK).digest('hex');
    expect(lockfile).toEqual({ path: join(dir, 'package-lock.json'), sha256 });
    expect(packageJson).toMatchObject({ path: join(dir, 'package.json') });
  });

  test('has the versions of the packages that were loaded, ESM and CommonJS', async ({
    dir,
    type,
  }) => {
    await type(FILE);

    const { packages } = environmentOf(onlyRun(dir));
    const versionOf = (name: string): string =>
      (
        JSON.parse(readFileSync(join(REPO, 'node_modules', name, 'package.json'), 'utf8')) as {
          version: string;
        }
      ).version;
    expect(packages).toMatchObject({
      zod: versionOf('zod'),
      'reflect-metadata': versionOf('reflect-metadata'),
    });
    expect(packages).not.toHaveProperty('vitest');
  });

  test('has what was typed, Node, machine and system', async ({ dir, type }) => {
    await type(`${FILE} tokens=3`);

    const { commandLine, node, os, cpu, memoryBytes } = environmentOf(onlyRun(dir));
    expect(commandLine.cwd).toBe(dir);
    expect(commandLine.argv.slice(2)).toEqual([FILE, 'tokens=3']);
    expect(node).toEqual({ version: process.version, flags: [], executable: process.execPath });
    expect(os).toMatchObject({ platform: process.platform, arch: process.arch });
    expect(cpu.count).toBeGreaterThan(0);
    expect(memoryBytes).toBeGreaterThan(0);
  });

  test('has the variables that change results, and those the project file names', async ({
    dir,
    type,
  }) => {
    writeFileSync(join(dir, 'exptools.config.yaml'), "environment: ['MY_DATA_*', SPLIT]\n");
    const env = { OMP_NUM_THREADS: '3', MY_DATA_SET: 'digits', SPLIT: '0.5', OTHER: '1' };

    await type(FILE, env);

    const { variables } = environmentOf(onlyRun(dir));
    expect(variables).toMatchObject({
      OMP_NUM_THREADS: '3',
      MY_DATA_SET: 'digits',
      SPLIT: '0.5',
    });
    for (const name of ['OTHER', 'HOME', 'PATH']) expect(variables).not.toHaveProperty(name);
  });

  test('has no secrets, whether they are named so or look so', async ({ dir, type }) => {
    writeFileSync(join(dir, 'exptools.config.yaml'), "environment: ['MY_*']\n");
    const url = 'https://me:s3cr3t-word@data.example';
    const env = { EXP_API_KEY: 's3cr3t-word', MY_PASSWORD: 's3cr3t-word', MY_URL: url };

    await type(`${FILE} apiKey=s3cr3t-word tokens=3`, env);

    const run = onlyRun(dir);
    const { variables, commandLine } = environmentOf(run);
    expect(variables).toMatchObject({
      EXP_API_KEY: '[redacted]',
      MY_PASSWORD: '[redacted]',
      MY_URL: 'https://me:[redacted]@data.example',
    });
    expect(commandLine.argv.slice(-2)).toEqual(['apiKey=[redacted]', 'tokens=3']);
    expect(manifestOf(run)['overrides']).toEqual(['apiKey=[redacted]', 'tokens=3']);
    for (const file of ['environment.json', 'run.json']) {
      expect(readFileSync(join(run, file), 'utf8')).not.toContain('s3cr3t-word');
    }
  });

  test('is there for a run that is killed, with what was known', async ({ dir, type: _ }) => {
    const { child, until, finished } = startRunExp([FILE, 'wait=true'], { cwd: dir });
    await until(/variables: \./);
    const run = onlyRun(dir);

    process.kill(manifestOf(run)['attempts'][0].process.pid as number, 'SIGKILL');
    await finished;

    expect(child.exitCode).toBe(1);
    expect(environmentOf(run)).toMatchObject({ attempt: 1, packages: { zod: expect.anything() } });
  });

  test('has what was typed for each run of a sweep', async ({ dir, type }) => {
    await type(`${FILE} --sweep tokens=1,2 --quiet --affinity none`);

    for (const run of runDirs(join(dir, 'runs'), 'recorded')) {
      expect(environmentOf(run)['commandLine'].argv).toContain('tokens=1,2');
    }
  });
});

describe('run.json', () => {
  test('has what the attempt used, and warnings of code and of Node', async ({ dir, type }) => {
    const { stdout } = await type(FILE);

    const { attempts } = manifestOf(onlyRun(dir));
    const { resources, warnings } = attempts[0];
    expect(resources.maxRssBytes).toBeGreaterThan(1e6);
    for (const name of ['userSeconds', 'systemSeconds', 'wallSeconds']) {
      expect(resources[name]).toBeGreaterThanOrEqual(0);
    }
    expect(warnings).toEqual({ count: 2, first: ['the loss is odd', 'Warning: do not do that'] });
    // the code itself does not see how we hand the command line down
    expect(stdout).toContain('variables: .');
  });
});

describe('run-exp show', () => {
  test('says what is of use of it, and all with --json', async ({ dir, type }) => {
    await type(`${FILE} tokens=3`);

    const lines = (await type('show last')).stdout.split('\n').map((line) => line.split(/ {2,}/));
    const facts = Object.fromEntries(lines) as Record<string, string>;
    expect(facts['typed']).toBe(`run-exp.js ${FILE} tokens=3`);
    expect(facts['node']).toBe(process.version);
    expect(facts['warned']).toBe('2 times, first: the loss is odd');
    expect(facts['used']).toMatch(/user, .* system, .* MB at most$/);
    const shown = JSON.parse((await type('show last --json')).stdout) as object;
    expect(shown).toMatchObject({ environment: environmentOf(onlyRun(dir)) });
  });
});
