import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { makeProject, treeOf } from '../helpers/project.ts';
import { git } from '../helpers/repository.ts';
import { runExp, start, startRunExp } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';
import { writeFiles } from '../helpers/typescript-project.ts';

const MAIN = `
import { experiment, logger } from 'exptools';
import { z } from 'zod';

const config = z.object({ lr: z.number().default(0.5) });
export default experiment({ name: 'plain', config, sinks: ['csv'] }, () => logger.log({ loss: 1 }));
`;

describe('the backup of sources', () => {
  const BACKUP = { sources: { backup: true, ignore: ['*.ckpt'] } };

  test('gives every run of a sweep the sources as they were planned, and keeps them once', async ({
    dir,
  }) => {
    makeProject(dir);
    const files = { 'main.ts': MAIN, 'net.ckpt': 'x', 'new.ts': 'new', '.env': 'hush' };
    writeFiles(dir, {
      'exptools.config.json': BACKUP,
      ...files,
      '.gitignore': 'node_modules\nruns',
    });
    git(dir, 'init', '-q');
    git(dir, 'add', 'main.ts');

    const { code, stderr } = await runExp(['main.ts', '--sweep', 'lr=1,2,3'], { cwd: dir });

    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('sources') });
    const runs = runDirs(join(dir, 'runs'), 'plain');
    expect(runs).toHaveLength(3);
    const kept = ['.gitignore', 'exptools.config.json', 'main.ts', 'new.ts', 'package.json'];
    for (const run of runs) {
      expect(treeOf(join(run, 'sources'))).toEqual(kept);
      expect(readFileSync(join(run, 'sources/main.ts'), 'utf8')).toBe(MAIN);
      const listing = JSON.parse(readFileSync(join(run, 'sources.json'), 'utf8')) as object;
      expect(listing).toMatchObject({
        files: kept.map((path) => ({ path, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })),
        leftOut: [
          { path: '.env', reason: 'looks like a secret' },
          { path: 'net.ckpt', reason: 'ignored by the project file' },
        ],
      });
      expect(manifestOf(run)['sources']).toMatchObject({ files: 5, leftOut: 2 });
    }
    expect(statSync(join(runs[0]!, 'sources/main.ts')).nlink).toBe(4);

    const list = await runExp(['ls', '--json'], { cwd: dir });
    expect(JSON.parse(list.stdout)).toHaveLength(3);
    const shown = await runExp(['show', 'last'], { cwd: dir });
    expect(shown.stdout).toMatch(/sources +5 files, .* B?.*2 left out \(see sources\.json\)/);
    expect(shown.stdout).not.toContain('sources/main.ts');
  });

  test('holds for a single run, and in code', async ({ dir }) => {
    makeProject(dir);
    const code = "import a from './main.js';\nawait Promise.all([a.run(), a.run()]);\n";
    writeFiles(dir, { 'exptools.config.yaml': 'sources: { backup: true }', 'main.ts': MAIN });
    writeFiles(dir, { 'code.ts': code });

    await runExp(['main.ts'], { cwd: dir });
    for (const file of ['main.ts', 'code.ts']) {
      const args = ['--import', 'exptools/register', file];
      await start(process.execPath, args, { cwd: dir }).finished;
    }

    const runs = runDirs(join(dir, 'runs'), 'plain');
    expect(runs.map((run) => treeOf(join(run, 'sources')))).toEqual(
      Array.from({ length: 4 }, () => [
        'code.ts',
        'exptools.config.yaml',
        'main.ts',
        'package.json',
      ]),
    );
    const { listing } = manifestOf(runs[0]!)['sources'] as { listing: string };
    expect(runs.map((run) => manifestOf(run)['sources'].listing)).toEqual(Array(4).fill(listing));
  });

  test('is shared by runs that start at the same time', async ({ dir }) => {
    makeProject(dir);
    writeFiles(dir, { 'exptools.config.json': BACKUP, 'main.ts': MAIN });

    const ends = await Promise.all(
      Array.from({ length: 4 }, () => startRunExp(['main.ts'], { cwd: dir }).finished),
    );

    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    for (const run of runDirs(join(dir, 'runs'), 'plain')) {
      expect(readFileSync(join(run, 'sources/main.ts'), 'utf8')).toBe(MAIN);
    }
    const store = treeOf(join(dir, 'runs/.sources'));
    expect(store.filter((path) => path.endsWith('.tmp'))).toEqual([]);
  });

  test('that fails costs a warning and not the run', async ({ dir }) => {
    makeProject(dir);
    writeFiles(dir, { 'exptools.config.json': BACKUP, 'main.ts': MAIN });
    mkdirSync(join(dir, 'runs'));
    writeFileSync(join(dir, 'runs/.sources'), 'in the way');

    const { code, stderr } = await runExp(['main.ts'], { cwd: dir });

    expect(code).toBe(0);
    expect(stderr).toMatch(/exptools: the run has no copy of its sources: E/);
    const [run] = readdirSync(join(dir, 'runs/plain')).map((id) => join(dir, 'runs/plain', id));
    expect(manifestOf(run!)).toMatchObject({
      status: 'completed',
      sources: { error: expect.stringMatching(/^E/) },
    });
    expect(JSON.parse(readFileSync(join(run!, 'sources.json'), 'utf8'))).toHaveProperty('error');
  });

  test('makes a run that can be removed, and copied as it is', async ({ dir }) => {
    makeProject(dir);
    writeFiles(dir, { 'exptools.config.json': BACKUP, 'main.ts': MAIN });
    await runExp(['main.ts'], { cwd: dir });
    const [run] = runDirs(join(dir, 'runs'), 'plain');

    execFileSync('cp', ['-r', run!, join(dir, 'copy')]);
    execFileSync('rm', ['-r', '--', join(dir, 'runs')], { stdio: 'pipe', input: '' });

    expect(readFileSync(join(dir, 'copy/sources/main.ts'), 'utf8')).toBe(MAIN);
  });
});
