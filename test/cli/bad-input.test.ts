import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { makeProject, treeOf } from '../helpers/project.ts';
import { runExp } from '../helpers/run-exp.ts';
import { test as base } from '../helpers/temp-dir.ts';

const test = base.extend<{ project: string }>({
  project: async ({ dir }, use) => {
    makeProject(dir, 'walk');
    writeFileSync(join(dir, 'a-file'), 'no directory\n');
    writeFileSync(join(dir, 'empty.ts'), 'export const answer: number = 42;\n');
    writeFileSync(join(dir, 'broken.ts'), 'export const answer = ;\n');
    writeFileSync(join(dir, 'throwing.ts'), "throw new Error('no data here');\n");
    await use(dir);
  },
});

const FILE = 'walk/main.ts';

interface Case {
  readonly what: string;
  readonly args: readonly string[];
  /** What the message must say. */
  readonly says: string;
}

describe('run-exp', () => {
  test.for<Case>([
    { what: 'a missing file', args: ['absent.ts'], says: 'There is no file "absent.ts"' },
    { what: 'a directory', args: ['walk'], says: '"walk" is a directory. Name a file in it' },
    { what: 'an unknown command', args: ['lss'], says: 'Did you mean "ls"?' },
    { what: 'an unknown command unlike any', args: ['frobnicate'], says: 'Known: ls, show' },
    { what: 'an unknown flag', args: [FILE, '--sweeep'], says: 'Did you mean --sweep?' },
    { what: 'a flag without its value', args: [FILE, '--root'], says: '--root' },
    { what: 'an unknown key', args: [FILE, 'drfit=1'], says: 'Did you mean "drift"?' },
    {
      what: 'an unknown key unlike any',
      args: [FILE, 'zzzzzzzz=1'],
      says: 'Known: drift, noise, steps',
    },
    { what: 'an override without a key', args: [FILE, '=1'], says: 'Write key=value' },
    {
      what: 'a value the schema refuses',
      args: [FILE, 'noise=11'],
      says: 'Config "noise": Too big: expected number to be <=10, got 11 (override noise=11)',
    },
    {
      what: 'a value of another type',
      args: [FILE, 'steps=many'],
      says: 'Config "steps" must be integer > 0, got "many"',
    },
    {
      what: 'several values without --sweep',
      args: [FILE, 'drift=1,2'],
      says: 'To sweep over values, add --sweep.',
    },
    {
      what: 'an interval without --sweep',
      args: [FILE, 'noise=interval(0,1)'],
      says: 'To sweep over values, add --sweep.',
    },
    {
      what: 'an interval without --samples',
      args: [FILE, '--sweep', 'noise=interval(0,1)'],
      says: '"noise=interval(0,1)" is an interval. Say how many random points to try',
    },
    {
      what: 'a missing axes file',
      args: [FILE, '--sweep', '--axes', 'swep.yaml'],
      says: 'There is no file "swep.yaml"',
    },
    { what: '--axes without --sweep', args: [FILE, '--axes', 'a.yaml'], says: 'is for sweeps' },
    { what: '--dry-run without --sweep', args: [FILE, '--dry-run'], says: 'is for sweeps' },
    { what: '--samples without --sweep', args: [FILE, '--samples', '2'], says: 'is for sweeps' },
    { what: 'no --samples', args: [FILE, '--sweep', '--samples', '0'], says: 'at least 1' },
    { what: 'an unknown sink', args: [FILE, '--sinks', 'csv,cvs'], says: 'Did you mean "csv"?' },
    { what: 'a bad --seed', args: [FILE, '--seed', 'x'], says: 'a whole number of at least 0' },
    { what: 'a negative seed', args: [FILE, 'seed=-1'], says: 'A seed must be a whole number' },
    { what: 'no slots', args: [FILE, '--sweep', '--slots', '0'], says: 'at least 1' },
    { what: 'a bad --repeats', args: [FILE, '--sweep', '--repeats', '1.5'], says: 'at least 1' },
    { what: '--repeats without --sweep', args: [FILE, '--repeats', '2'], says: 'is for sweeps' },
    { what: '--fail-fast without --sweep', args: [FILE, '--fail-fast'], says: 'is for sweeps' },
    { what: 'blanks around the "="', args: [FILE, 'drift', '=', '1'], says: 'without blanks' },
    {
      what: 'a seed without a value',
      args: [FILE, 'seed='],
      says: 'A seed must be a whole number',
    },
    { what: 'an unknown command of the file', args: [FILE, 'test'], says: 'no command "test"' },
    { what: 'a second command', args: [FILE, 'main', 'test'], says: 'one command too many' },
    { what: 'an unknown --experiment', args: [FILE, '--experiment', 'wlk'], says: '"walk"?' },
    { what: 'a file without an experiment', args: ['empty.ts'], says: 'defines no experiment' },
    { what: 'a file that does not parse', args: ['broken.ts'], says: 'broken.ts:1:23' },
    { what: 'a file that throws', args: ['throwing.ts'], says: 'no data here' },
    {
      what: 'a run root below a regular file',
      args: [FILE, '--root', 'a-file/runs'],
      says: 'Choose another run root with --root.',
    },
    {
      what: 'a run root of a sweep below a regular file',
      args: [FILE, '--sweep', '--root', 'a-file/runs'],
      says: 'Choose another run root with --root.',
    },
    {
      what: 'a sweep whose last value is bad',
      args: [FILE, '--sweep', 'noise=1,2,11'],
      says: 'Config "noise": Too big: expected number to be <=10, got 11 (variant noise=11)',
    },
    {
      what: 'a sweep that lists a value twice',
      args: [FILE, '--sweep', 'noise=1,2,1'],
      says: 'lists 1 twice',
    },
    { what: 'a bad --limit', args: ['ls', '--limit', 'x'], says: 'at least 1' },
    { what: 'show without a run', args: ['show'], says: "missing required argument 'run'" },
  ])('refuses $what with exit code 2 and creates nothing', async ({ args, says }, { project }) => {
    const before = treeOf(project);

    const { code, stdout, stderr } = await runExp(args, { cwd: project });

    expect(stderr).toContain(says);
    expect(stderr).toMatch(/^error: /i);
    expect(stderr).not.toMatch(/node:internal|\/dist\//);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(treeOf(project)).toEqual(before);
  });

  test('refuses a run root it may not write to', async ({ project, skip }) => {
    skip(process.getuid?.() === 0, 'root may write anywhere');
    mkdirSync(join(project, 'read-only'));
    chmodSync(join(project, 'read-only'), 0o555);

    const { code, stderr } = await runExp([FILE, '--root', 'read-only'], { cwd: project });

    expect(code).toBe(2);
    expect(stderr).toContain('permission denied');
    expect(treeOf(join(project, 'read-only'))).toEqual([]);
  });

  test('prints its help on stderr, and exits with 2, when it is given nothing', async ({ dir }) => {
    const { code, stdout, stderr } = await runExp([], { cwd: dir });

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: run-exp FILE/);
  });

  test('says that the file is missing when it is given flags alone', async ({ dir }) => {
    const { code, stderr } = await runExp(['--sweep'], { cwd: dir });

    expect(code).toBe(2);
    expect(stderr).toContain('There is no file to run: run-exp FILE');
  });
});
