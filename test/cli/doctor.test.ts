import { stripVTControlCharacters } from 'node:util';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { Finding } from '../../src/cli/doctor-finding.ts';
import { doctorText } from '../../src/cli/doctor.ts';
import { GPU_QUERY } from '../../src/provenance/gpus.ts';
import { makeProject, treeOf } from '../helpers/project.ts';
import { replayed, type Recorded } from '../helpers/replayed.ts';
import { runExp } from '../helpers/run-exp.ts';
import { test } from '../helpers/temp-dir.ts';

// As recorded on Debian 12; sbatch, sinfo and nvidia-smi are written by hand, after their manuals.
const VERSION = '--version';
const SOME: unknown = expect.stringMatching(/./);
const PROGRAMS: Readonly<Record<string, readonly Recorded[]>> = {
  git: [{ args: VERSION, out: 'git version 2.39.5\n' }],
  taskset: [{ args: VERSION, out: 'taskset from util-linux 2.38.1\n' }],
  tensorboard: [
    {
      args: VERSION,
      err: 'TensorFlow installation not found - running with reduced feature set.\n',
      out: '2.20.0\n',
    },
  ],
  sbatch: [{ args: VERSION, out: 'slurm-wlm 22.05.8\n' }],
  sinfo: [{ args: '--noheader --format=%P', out: 'main*\ngpu\n' }],
  'nvidia-smi': [
    {
      args: GPU_QUERY.join(' '),
      out: '0, GPU-aa, 00000000:0A:00.0, NVIDIA L4, 23034\n1, GPU-bb, 00000000:0B:00.0, NVIDIA L4, 23034\n',
    },
  ],
};

/** What the doctor finds where there are these programs and no others. */
async function diagnose(
  dir: string,
  programs: Readonly<Record<string, readonly Recorded[]>>,
  env: NodeJS.ProcessEnv = {},
): Promise<Map<string, Finding>> {
  const PATH = replayed(dir, programs);
  const all = { NODE_EXTRA_CA_CERTS: '', ...env, PATH };
  const { code, stdout } = await runExp(['doctor', '--json'], { cwd: dir, env: all });
  expect(code).toBe(0);
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  return new Map(findings.map((finding) => [finding.name, finding]));
}

describe('run-exp doctor', () => {
  test('says what there is', async ({ dir }) => {
    makeProject(dir);

    const found = await diagnose(dir, PROGRAMS);

    const texts = [...found.values()].map(({ name, status, found: text }) => [name, status, text]);
    expect(texts).toEqual(
      expect.arrayContaining([
        ['GPUs', 'ok', '2 × NVIDIA L4 (22 GiB)'],
        ['Node.js', 'ok', process.versions.node],
        ['git', 'ok', '2.39.5'],
        ['taskset', 'ok', '2.38.1'],
        ['TensorBoard', 'ok', '2.20.0'],
        ['SLURM', 'ok', '22.05.8, partitions main*, gpu'],
      ]),
    );
    expect(found.get('zod')).toMatchObject({ status: 'ok' });
    expect(found.get('loader')).toMatchObject({ status: 'ok' });
    expect(found.get('cores')!.found).toMatch(/^\d+ sockets?, \d+ cores?, \d+ CPUs?/);
    expect(found.get('disk')!.found).toMatch(/B free for runs/);
  });

  test('says what a missing part costs, and how to get it', async ({ dir }) => {
    makeProject(dir);

    const found = await diagnose(dir, {});

    for (const name of ['git', 'taskset', 'TensorBoard']) {
      const finding = found.get(name)!;
      expect(finding).toMatchObject({ status: 'missing', cost: SOME, remedy: SOME });
    }
    expect(found.get('git')!.found).toBe('there is no "git" on the PATH');
    expect(found.get('GPUs')).toMatchObject({ status: 'note', cost: 'runs compute on CPUs' });
    expect(found.get('SLURM')).toMatchObject({ status: 'note', found: 'none here' });
  });

  test.for<[what: string, program: string, answer: Recorded, name: string, found: string]>([
    ['a driver without devices', 'nvidia-smi', { args: GPU_QUERY.join(' '), out: 'No devices were found\n', code: 6 }, 'GPUs', 'nvidia-smi: No devices were found'],
    ['a controller that is down', 'sinfo', { args: '--noheader --format=%P', err: 'slurm_load_partitions: Unable to contact slurm controller (connect failure)\n', code: 1 }, 'SLURM', 'sinfo has no answer: slurm_load_partitions: Unable to contact slurm controller'],
    ['a program that fails', 'git', { args: VERSION, err: 'git: cannot load libz\n', code: 127 }, 'git', '"git --version" fails: git: cannot load libz'],
  ])('tells of %s', async ([, program, answer, name, text], { dir }) => {
    makeProject(dir);

    const found = await diagnose(dir, { ...PROGRAMS, [program]: [answer] });

    expect(found.get(name)!.status).toBe('missing');
    expect(found.get(name)!.found).toContain(text);
  }); // prettier-ignore

  test('waits for no program that hangs', async ({ dir }) => {
    makeProject(dir);
    const bin = replayed(dir, PROGRAMS);
    writeFileSync(join(bin, 'tensorboard'), '#!/bin/sh\nwhile :; do :; done\n');

    const { stdout, code } = await runExp(['doctor'], { cwd: dir, env: { PATH: bin } });

    expect(code).toBe(0);
    expect(stdout).toContain('takes seconds to tell its version');
  });

  test('knows when it is inside of a job', async ({ dir }) => {
    makeProject(dir);

    const found = await diagnose(dir, {}, { SLURM_JOB_ID: '12' });

    expect(found.get('SLURM')!.found).toContain('within job 12, slots stay inside');
  });

  test('starts nothing and creates no file', async ({ dir }) => {
    makeProject(dir);

    await runExp(['doctor'], { cwd: dir });

    expect(treeOf(dir)).toEqual(['package.json']);
  });
});

describe('the text of the doctor', () => {
  const sections = [
    {
      title: 'Programs',
      findings: [
        { name: 'git', status: 'ok', found: '2.39.5' },
        {
          name: 'TensorBoard',
          status: 'missing',
          found: 'there is none',
          cost: 'event files cannot be looked at',
          remedy: 'pip install tensorboard',
        },
      ],
    },
  ] as const;

  test('has a line for each finding, and what to do below those that are missing', () => {
    const text = stripVTControlCharacters(doctorText(sections, 'runs'));

    expect(text.split('\n').slice(1).join('\n')).toBe(`
Programs
  ✓ git          2.39.5
  ✗ TensorBoard  there is none
                 event files cannot be looked at
                 → pip install tensorboard

Missing: 1, marked ✗.
`);
  });

  test('fits its terminal', () => {
    const lines = stripVTControlCharacters(doctorText(sections, 'runs', 50)).split('\n');

    expect(lines).toContain('                 event files cannot be looked at');
    expect(Math.max(...lines.slice(1).map((line) => line.length))).toBeLessThanOrEqual(50);

    const name = 'its native engine of long name';
    const long = [{ title: 'Long', findings: [{ ...sections[0].findings[1], name }] }];
    const narrow = stripVTControlCharacters(doctorText(long, 'runs', 56)).split('\n');
    expect(Math.max(...narrow.slice(1).map((line) => line.length))).toBeLessThanOrEqual(56);
  });
});
