import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { sourceStore, storedSource } from '../../src/core/layout.ts';
import type { SourceListing, SourcesState } from '../../src/core/sources.ts';
import { loadProject } from '../../src/project/load-project.ts';
import type { Project } from '../../src/project/project-config.ts';
import { backUpSources } from '../../src/run/back-up-sources.ts';
import { start, type Finished } from '../helpers/run-exp.ts';
import { test } from '../helpers/temp-dir.ts';
import { writeFiles, type Files } from '../helpers/typescript-project.ts';

async function project(dir: string, files: Files, sources: object = {}): Promise<Project> {
  const config = { sources: { backup: true, ...sources } };
  writeFiles(dir, { 'exptools.config.json': config, ...files });
  return loadProject(dir);
}

function listingOf(root: string, state: SourcesState | undefined): SourceListing {
  if (state === undefined || 'error' in state) throw new Error(JSON.stringify(state));
  const text = readFileSync(storedSource(sourceStore(root), state.listing), 'utf8');
  return JSON.parse(text) as SourceListing;
}

describe('backUpSources', () => {
  test('does nothing for a project that wants no backup', async ({ dir }) => {
    const plain = await project(dir, { 'main.ts': 'main' }, { backup: false });

    expect(backUpSources(plain, plain.root)).toBeUndefined();
    expect(existsSync(plain.root)).toBe(false);
  });

  test('keeps every file of the project, and lists what it leaves out', async ({ dir }) => {
    const files = { 'main.ts': 'main', 'big.bin': 'x'.repeat(200), 'data/a': '', '.env': 'hush' };
    const subject = await project(dir, files, { maxFileSize: 150, ignore: ['data/'] });

    const state = backUpSources(subject, subject.root);

    const { files: kept, leftOut } = listingOf(subject.root, state);
    const bytes = readFileSync(join(dir, 'exptools.config.json')).length;
    expect(kept.map((file) => [file.path, 'bytes' in file && file.bytes])).toEqual([
      ['exptools.config.json', bytes],
      ['main.ts', 4],
    ]);
    expect(leftOut.map(({ path }) => path)).toEqual(['.env', 'big.bin', 'data/']);
    expect(state).toMatchObject({ files: 2, bytes: bytes + 4, leftOut: 3 });
  });

  test('keeps no runs, neither of the chosen root nor of the usual one', async ({ dir }) => {
    const subject = await project(dir, { 'main.ts': '', 'runs/a/b/run.json': {} });

    const state = backUpSources(subject, join(dir, 'elsewhere'));

    expect(listingOf(join(dir, 'elsewhere'), state).files.map(({ path }) => path)).toEqual([
      'exptools.config.json',
      'main.ts',
    ]);
  });

  test('is the same for all runs of a process, whose code was loaded once', async ({ dir }) => {
    const subject = await project(dir, { 'main.ts': 'before' });
    const first = backUpSources(subject, subject.root);

    writeFileSync(join(dir, 'main.ts'), 'after');

    expect(backUpSources(subject, subject.root)).toBe(first);
  });

  test.for(['.', '..'])('refuses a run root that holds the project: %s', async (root, { dir }) => {
    const subject = await project(join(dir, 'in'), { 'main.ts': '' });

    expect(backUpSources(subject, join(dir, 'in', root))).toEqual({
      error: expect.stringMatching(/^the run root ".*" holds the project itself\. Give runs/),
    });
  });

  test('says what went wrong instead of throwing', async ({ dir }) => {
    const subject = await project(dir, { 'main.ts': '', runs: 'a file' });

    expect(backUpSources(subject, subject.root)).toEqual({
      error: expect.stringMatching(/ENOTDIR|EEXIST/),
    });
  });

  test.skipIf(process.getuid?.() === 0)('lists a file it may not read', async ({ dir }) => {
    const subject = await project(dir, { 'main.ts': 'main', 'closed.ts': 'closed' });
    chmodSync(join(dir, 'closed.ts'), 0);

    const { leftOut } = listingOf(subject.root, backUpSources(subject, subject.root));

    expect(leftOut).toEqual([
      { path: 'closed.ts', reason: expect.stringMatching(/^cannot be read: EACCES/) },
    ]);
  });

  test(
    'keeps the 1000 files of a project once, however many processes start runs of it',
    { timeout: 60_000 },
    async ({ dir }) => {
      const files = Array.from({ length: 1000 }, (_, i) => [
        `src/${i % 30}/module-${i}.ts`,
        `export const value = ${i};\n`.repeat(40),
      ]);
      await project(dir, Object.fromEntries(files) as Files);
      const runs = [await openRunIn(dir), await openRunIn(dir)];

      expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual([
        [0, ''],
        [0, ''],
      ]);
      const stored = readdirSync(join(dir, 'runs/.sources'), {
        recursive: true,
        withFileTypes: true,
      });
      // with the project file, the program and the listing
      expect(stored.filter((entry) => entry.isFile())).toHaveLength(1003);
    },
  );
});

/** Opens and closes a run in a process of its own. */
function openRunIn(dir: string): Promise<Finished> {
  const exptools = JSON.stringify(join(import.meta.dirname, '../../dist/src/index.js'));
  writeFileSync(
    join(dir, 'main.mjs'),
    `import { openRun } from ${exptools};
    await openRun({ name: 'brief', sinks: [] }, () => {});`,
  );
  return start(process.execPath, [join(dir, 'main.mjs')], { cwd: '/' }).finished;
}
