import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect } from 'vitest';
import { readmeCommands } from '../helpers/readme.ts';
import { REPO, start } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';
import { TOOLS_DIR } from '../setup/tool-paths.ts';

// The second command runs all tests, and so this one: inside itself it has nothing left to show.
const isNested = process.env['EXPTOOLS_NESTED_TESTS'] === '1';

describe.skipIf(isNested)('a fresh clone with an empty npm cache', () => {
  test('passes both commands of the README', { timeout: 1_500_000 }, async ({ dir }) => {
    const clone = cloneInto(dir);
    const commands = readmeCommands().filter((command) => command.startsWith('npm ci'));
    const env = {
      npm_config_cache: join(dir, 'npm-cache'),
      EXPTOOLS_NESTED_TESTS: '1',
      EXPTOOLS_TEST_TOOLS: TOOLS_DIR,
    };

    const [sweep, tests] = [
      await start('sh', ['-c', commands[0]!], { cwd: clone, env }).finished,
      await start('sh', ['-c', commands[1]!], { cwd: clone, env }).finished,
    ];

    expect(sweep.code, sweep.stderr).toBe(0);
    const dirs = runDirs(join(clone, 'runs'), 'digits');
    expect(dirs).toHaveLength(12);
    for (const run of dirs) {
      expect(manifestOf(run)).toMatchObject({ status: 'completed', git: { dirty: false } });
      expect(existsSync(join(run, 'progress.csv'))).toBe(true);
    }
    expect(tests.code, tests.stdout + tests.stderr).toBe(0);
  });
});

/** Clones the working tree as it is, changes and new files included. */
function cloneInto(dir: string): string {
  const origin = join(dir, 'origin');
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: origin, encoding: 'utf8', stdio: 'pipe' });
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: REPO,
    encoding: 'utf8',
  });
  mkdirSync(origin);
  for (const file of files
    .split('\0')
    .filter((name) => name !== '' && existsSync(join(REPO, name)))) {
    mkdirSync(dirname(join(origin, file)), { recursive: true });
    cpSync(join(REPO, file), join(origin, file));
  }
  git('init', '-q');
  git('add', '-A');
  git('-c', 'user.name=test', '-c', 'user.email=test@localhost', 'commit', '-qm', 'working tree');
  const clone = join(dir, 'clone');
  execFileSync('git', ['clone', '-q', origin, clone], { stdio: 'pipe' });
  return clone;
}
