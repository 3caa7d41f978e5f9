import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { runExp, start, startRunExp, type SpawnOptions } from '../helpers/run-exp.ts';
import { runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';
import { untilGone, processOf } from '../helpers/processes.ts';

const MAIN = 'test/fixtures/output/main.ts';
const ZONED = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d`;

async function outputOf(
  root: string,
  args: readonly string[],
  options?: SpawnOptions,
): Promise<{ stdout: string; stderr: string; lines: string[] }> {
  const { stdout, stderr } = await runExp([MAIN, ...args, '--root', root], options);
  return { stdout, stderr, lines: linesOf(runDirs(root, 'output')[0]!) };
}

function linesOf(run: string, file = 'output.log'): string[] {
  return readFileSync(join(run, file), 'utf8').split('\n').slice(0, -1);
}

describe('the output.log of a run that run-exp starts', () => {
  test('has what the run, its children and native code print, as a terminal would show it', async ({
    dir,
  }) => {
    const { lines, stdout, stderr } = await outputOf(dir, []);

    const expected = [
      'by the console',
      'past the streams',
      'by a child',
      'with an error',
      '5000/5000',
      'top 0',
      'low 0',
      'top 500',
      'low 500',
    ];
    for (const line of expected) expect(lines.filter((one) => one === line)).toHaveLength(1);
    expect(lines).toHaveLength(expected.length + 4);
    expect(stdout).toBe('by the console\npast the streams\nby a child\n');
    expect(stderr).not.toContain('exptools;');
  });

  test('has text lines with the zone of their time, and marks of start and end', async ({
    dir,
  }) => {
    const { lines, stderr } = await outputOf(dir, []);

    const [run] = runDirs(dir, 'output');
    expect(lines[0]).toMatch(
      new RegExp(`^${ZONED} START output main, run ${run!.split('/').at(-1)}$`),
    );
    expect(lines.at(-1)).toMatch(
      new RegExp(`^${ZONED} END   output main completed after \\d+\\.\\d s$`),
    );
    const text = lines.filter((line) => /^\d{4}-/.test(line)).slice(1, -1);
    expect(text).toEqual([
      expect.stringMatching(new RegExp(`^${ZONED} info  \\[fold 1\\] by the logger$`)),
      expect.stringMatching(new RegExp(`^${ZONED} MILESTONE half way$`)),
    ]);
    for (const line of text) expect(stderr).toContain(`${line}\n`);
    expect(stderr).not.toContain('START');
  });

  test.for([
    ['--verbose', {}, true],
    ['--seed=1', { EXP_LOG_LEVEL: 'debug' }, true],
    ['--verbose', { EXP_LOG_LEVEL: 'info' }, false],
  ] as const)('has debug lines with %s and %o: %s', async ([flag, env, shown], { dir }) => {
    const { lines } = await outputOf(dir, [flag], { env: { ...process.env, ...env } });

    expect(lines.some((line) => line.endsWith('debug a detail'))).toBe(shown);
  });

  // The command of util-linux that gives a program a terminal.
  test.skipIf(!existsSync('/usr/bin/script'))(
    'shows short times and colours on a terminal alone',
    async ({ dir }) => {
      const command = `${process.execPath} dist/src/cli/run-exp.js ${MAIN} --root ${dir}`;
      const { stdout } = await start('script', ['-qec', command, '/dev/null'], {
        env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, TERM: 'xterm' },
      }).finished;

      const shown = stdout.replaceAll('\u001b[', '<');
      expect(shown).toMatch(/<2m\d\d:\d\d:\d\d<22m info {2}\[fold 1\] by the logger/);
      expect(shown).toMatch(/<1m<36mMILESTONE half way/);
      expect(stdout).not.toContain('exptools;');
      const lines = linesOf(runDirs(dir, 'output')[0]!);
      expect(lines.join('')).not.toContain('\u001b');
    },
  );

  test('loses nothing of a run that is killed, and says how it ended', async ({ dir }) => {
    const { lines } = await outputOf(dir, ['die']);

    expect(lines.slice(1)).toEqual([
      'a last line without an end',
      expect.stringMatching(/END {3}output die failed after .* s: killed by SIGKILL/),
    ]);
  });

  test('keeps head and tail of a flood, within its limit', async ({ dir }) => {
    const { lines, stdout } = await outputOf(dir, ['flood'], {
      env: { ...process.env, EXP_OUTPUT_LIMIT: '50kB' },
    });

    expect(stdout.match(/\n/g)).toHaveLength(20_000);
    expect(lines.join('\n').length).toBeLessThan(50_200);
    const at = lines.findIndex((line) => line.includes('are left out here'));
    const left = Number(/(\d+) lines/.exec(lines[at]!)![1]);
    expect(lines.slice(1, at)).toEqual(Array.from({ length: at - 1 }, (_, i) => `line ${i}`));
    expect(lines[at + 1]).toBe(`line ${at - 1 + left}`);
    expect(lines.at(-2)).toBe('line 19999');
    expect(readdirSync(runDirs(dir, 'output')[0]!).filter((name) => name.includes('tail'))).toEqual(
      [],
    );
  });

  test('has all that was shown when the launcher is killed, in pieces where it was long', async ({
    dir,
  }) => {
    const launched = startRunExp([MAIN, 'forever', '--root', dir], {
      env: { ...process.env, EXP_OUTPUT_LIMIT: '20kB' },
    });
    await launched.until(/line 5000\n/);
    launched.child.kill('SIGKILL');
    const { stdout } = await launched.finished;
    const [run] = runDirs(dir, 'output');
    await untilGone([processOf(run!)]);

    const shown = numberIn(stdout.split('\n').slice(0, -1).at(-1)!);
    const tails = readdirSync(run!)
      .filter((name) => name.startsWith('output.log.tail-'))
      .sort();
    const tail = tails.flatMap((name) => linesOf(run!, name));
    expect(linesOf(run!)[1]).toBe('line 0');
    // What was shown may be long before the end: whoever reads it takes its time.
    const kept = tail.map(numberIn);
    expect(kept.at(-1)).toBeGreaterThanOrEqual(shown);
    expect(kept).toEqual(kept.map((_, i) => kept[0]! + i));
    const { stdout: printed } = await runExp(['logs', 'last', '--root', dir]);
    expect(printed.split('\n').slice(0, -1)).toEqual([...linesOf(run!), ...tail]);
  });

  test.for([
    [{ EXP_OUTPUT_LIMIT: '-1' }, 'EXP_OUTPUT_LIMIT must be a size'],
    [{ EXP_LOG_LEVEL: 'wran' }, 'Did you mean "warn"?'],
  ] as const)('is refused with %o before anything starts', async ([env, text], { dir }) => {
    const { code, stderr } = await runExp([MAIN, '--root', dir], {
      env: { ...process.env, ...env },
    });

    expect(code).toBe(2);
    expect(stderr).toContain(text);
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe('a program of node --import exptools/register', () => {
  test('says on stderr how the command starts and ends', async ({ dir }) => {
    const args = ['--import', 'exptools/register', MAIN, 'flood', '--root', dir];
    const { stderr } = await start(process.execPath, args).finished;

    const [run] = runDirs(dir, 'output');
    const [first, last] = stderr.split('\n');
    expect(first).toMatch(new RegExp(`^${ZONED} START output flood, run `));
    expect(last).toMatch(new RegExp(`^${ZONED} END   output flood completed after`));
    await vi.waitFor(() => expect(linesOf(run!).at(-2)).toBe('line 19999'));
  });

  test.for([
    { by: '--quiet', flags: ['--quiet'], env: {} },
    { by: 'EXP_QUIET=1', flags: [], env: { EXP_QUIET: '1' } },
  ])('says nothing with $by', async ({ flags, env }, { dir }) => {
    const args = ['--import', 'exptools/register', MAIN, 'flood', '--root', dir, ...flags];
    const { stderr } = await start(process.execPath, args, { env }).finished;

    expect(stderr).toBe('');
    expect(linesOf(runDirs(dir, 'output')[0]!)[0]).toMatch(/START/);
  });
});

/** 12 in `line 12`. */
function numberIn(line: string): number {
  return Number(/^line (\d+)$/.exec(line)![1]);
}
