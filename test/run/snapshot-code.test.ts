import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, vi } from 'vitest';
import { loadProject } from '../../src/project/load-project.ts';
import type { Project } from '../../src/project/project-config.ts';
import { backUpSources } from '../../src/run/back-up-sources.ts';
import { snapshotCode } from '../../src/run/snapshot-code.ts';
import { repository } from '../helpers/repository.ts';
import { test as base } from '../helpers/temp-dir.ts';

beforeEach(() => {
  vi.stubEnv('EXP_SNAPSHOT', '1');
  return () => vi.unstubAllEnvs();
});

/** A project in a repository, with a change that is not committed. */
const test = base.extend<{ commit: string; project: Project }>({
  commit: async ({ dir }, use) => use(repository(dir)),
  project: async ({ dir, commit: _ }, use) => {
    writeFileSync(join(dir, 'package.json'), '{}');
    await use(await loadProject(dir));
  },
});

describe('snapshotCode', () => {
  test('is the same for all runs of a process, whose code was loaded once', ({ dir, project }) => {
    const first = snapshotCode(project, project.root);
    writeFileSync(join(dir, 'file.txt'), 'changed since');

    expect(snapshotCode(project, project.root)).toBe(first);
    expect(snapshotCode(project, join(dir, 'other'))?.snapshot).not.toBe(first!.snapshot);
  });

  test('makes a copy of the sources needless', ({ project }) => {
    expect(backUpSources(project, project.root)).toBeUndefined();
    expect(existsSync(project.root)).toBe(false);
  });

  test('makes no commit where none is wanted, or for a ghost', ({ commit, project }) => {
    const state = { commit, branch: 'trunk', dirty: true };
    expect(snapshotCode(project, project.root, { ghost: true })).toEqual(state);
    expect(snapshotCode({ ...project, snapshot: false }, project.root)).toEqual(state);
    vi.stubEnv('EXP_SNAPSHOT', '0');
    expect(snapshotCode(project, project.root)).toEqual(state);
    expect(backUpSources(project, project.root)).toBeUndefined();
  });
});
