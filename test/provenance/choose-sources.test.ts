import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { chooseSources } from '../../src/provenance/choose-sources.ts';
import { git } from '../helpers/repository.ts';
import { test } from '../helpers/temp-dir.ts';
import { writeFiles } from '../helpers/typescript-project.ts';

const RULES = { ignore: [], maxFileSize: 100 };

describe('chooseSources', () => {
  test('takes files in the order of their paths; a file that is gone is none', ({ dir }) => {
    writeFiles(dir, { 'b.ts': 'b', 'a/x.ts': 'x' });

    expect(chooseSources(dir, ['b.ts', 'gone.ts', 'a/x.ts'], RULES)).toEqual({
      chosen: [{ path: 'a/x.ts' }, { path: 'b.ts' }],
      leftOut: [],
    });
  });

  test('leaves out what is too large, with its size', ({ dir }) => {
    writeFiles(dir, { small: 'x'.repeat(100), large: 'x'.repeat(101) });

    expect(chooseSources(dir, ['small', 'large'], RULES)).toEqual({
      chosen: [{ path: 'small' }],
      leftOut: [{ path: 'large', reason: 'larger than 100 bytes', bytes: 101 }],
    });
  });

  test('leaves out what the rules ignore: a whole directory by its name alone', ({ dir }) => {
    writeFiles(dir, {
      'data/a': '',
      'data/deep/b': '',
      'x.ckpt': '',
      'Data/c': '',
      'keep.ckpt': '',
    });
    const rules = { ...RULES, ignore: ['*.ckpt', 'data/', '!keep.ckpt'] };
    const paths = ['data/a', 'data/deep/b', 'x.ckpt', 'Data/c', 'keep.ckpt'];

    expect(chooseSources(dir, paths, rules)).toEqual({
      chosen: [{ path: 'Data/c' }, { path: 'keep.ckpt' }],
      leftOut: [
        { path: 'data/', reason: 'ignored by the project file' },
        { path: 'x.ckpt', reason: 'ignored by the project file' },
      ],
    });
  });

  test.for([
    '.env',
    '.env.local',
    'deep/.env',
    'cert.pem',
    'server.KEY',
    'id_rsa',
    'id_rsa.pub',
    'id_ed25519',
    '.npmrc',
    '.netrc',
    '.git-credentials',
    'deep/.aws/credentials',
    'store.jks',
  ])('takes %s for a secret', (path, { dir }) => {
    writeFiles(dir, { [path]: 'hush' });

    expect(chooseSources(dir, [path], RULES)).toEqual({
      chosen: [],
      leftOut: [{ path, reason: 'looks like a secret' }],
    });
  });

  test('takes in what looks like a secret where a rule says so', ({ dir }) => {
    writeFiles(dir, { '.env': 'hush', '.env.example': 'KEY=' });
    const rules = { ...RULES, ignore: ['!.env.example'] };

    expect(chooseSources(dir, ['.env', '.env.example'], rules).chosen).toEqual([
      { path: '.env.example' },
    ]);
  });

  test('takes links that stay inside, and names the others', ({ dir }) => {
    const project = join(dir, 'project');
    writeFiles(dir, { 'outside.ts': '', 'project/real.ts': '', 'project/in/x.ts': '' });
    const links = {
      'in/up.ts': '../real.ts',
      folder: 'in',
      dangling: 'gone.ts',
      out: '../outside.ts',
      absolute: join(project, 'real.ts'),
      'through.ts': 'away/outside.ts',
      away: '..',
      circle: 'circle',
    };
    for (const [path, target] of Object.entries(links)) symlinkSync(target, join(project, path));

    const { chosen, leftOut } = chooseSources(project, Object.keys(links), RULES);

    expect(chosen).toEqual([
      { path: 'circle', link: 'circle' },
      { path: 'dangling', link: 'gone.ts' },
      { path: 'folder', link: 'in' },
      { path: 'in/up.ts', link: '../real.ts' },
    ]);
    expect(leftOut).toEqual(
      ['absolute', 'away', 'out', 'through.ts'].map((path) => ({
        path,
        reason: `a link out of the project, to ${links[path as keyof typeof links]}`,
      })),
    );
  });

  test('takes inner links of a project that is itself behind a link', ({ dir }) => {
    writeFiles(dir, { 'real/a.ts': '' });
    symlinkSync('a.ts', join(dir, 'real/b.ts'));
    symlinkSync('real', join(dir, 'project'));

    expect(chooseSources(join(dir, 'project'), ['b.ts'], RULES).chosen).toHaveLength(1);
  });

  test('names inner repositories and what is no regular file', ({ dir }) => {
    mkdirSync(join(dir, 'lib'));
    git(join(dir, 'lib'), 'init', '-q');
    execFileSync('mkfifo', [join(dir, 'pipe')]);

    expect(chooseSources(dir, ['lib/', 'pipe'], RULES).leftOut).toEqual([
      { path: 'lib/', reason: 'another git repository' },
      { path: 'pipe', reason: 'not a regular file' },
    ]);
  });
});
