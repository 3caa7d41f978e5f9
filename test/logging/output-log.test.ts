import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import { z } from 'zod';
import { experiment, logger, openRun } from '../../src/index.ts';
import { OutputLog } from '../../src/logging/output-log.ts';
import { test } from '../helpers/temp-dir.ts';

const ZONED = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d`;

beforeEach(() => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function outputOf({ dir }: { readonly dir: string }): string[] {
  return readFileSync(join(dir, 'output.log'), 'utf8').split('\n').slice(0, -1);
}

describe('the output log of a run in this process', () => {
  test('has the text lines with their zone, what was printed, and marks of start and end', async ({
    dir,
  }) => {
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const run = await openRun({ name: 'printing', root: dir, sinks: ['stdout'] }, async () => {
      logger.info('one');
      process.stdout.write('10 %\r20 %\r');
      await turn();
      process.stdout.write(Buffer.from('30 %\n'));
      process.stderr.write('74c3b60a', 'hex');
      logger.log({ loss: 0.5 });
    });

    expect(outputOf(run)).toEqual([
      expect.stringMatching(new RegExp(`^${ZONED} START printing main, run ${run.id}$`)),
      expect.stringMatching(new RegExp(`^${ZONED} info  one$`)),
      '30 %',
      'tö',
      expect.stringMatching(/^step 0 .*loss 0\.5$/),
      expect.stringMatching(
        new RegExp(`^${ZONED} END   printing main completed after \\d\\.\\d s$`),
      ),
    ]);
  });

  test('has what belongs to the run, however many there are at once, and nothing else', async ({
    dir,
  }) => {
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const talk = (name: string): Promise<{ dir: string }> =>
      openRun({ name, root: dir, sinks: [] }, async () => {
        for (let i = 0; i < 50; i++) {
          process.stdout.write(`${name} `);
          await turn();
          process.stdout.write(`${i}\n`);
          logger.textPrefix(name, () => logger.info(i));
        }
      });
    const runs = Promise.all([talk('a'), talk('b')]);
    process.stdout.write('nobody\n');
    const [a, b] = await runs;

    for (const [run, name] of [
      [a, 'a'],
      [b, 'b'],
    ] as const) {
      const lines = outputOf(run).slice(1, -1);
      expect(lines).toHaveLength(100);
      for (const line of lines) expect(line).toMatch(new RegExp(`(^${name} \\d+$)|\\[${name}\\]`));
    }
  });

  test('ends with the reason and the stack of a failure', async ({ dir }) => {
    let at = '';
    const failing = openRun({ name: 'failing', root: dir, sinks: [] }, (run) => {
      at = run.dir;
      throw new Error('left');
    });
    await expect(failing).rejects.toThrow('left');

    const lines = outputOf({ dir: at });
    expect(lines[1]).toBe('Error: left');
    expect(lines[2]).toMatch(/^ {4}at /);
    expect(lines.at(-1)).toMatch(/END {3}failing main failed after .* s: left$/);
  });

  test('leaves the streams as they were', async ({ dir }) => {
    const [stdout, error] = [process.stdout.write, process.stderr.write];
    const run = await openRun({ name: 'streams', root: dir, sinks: [] });
    expect(process.stdout.write).not.toBe(stdout);
    await run.close();

    expect(process.stdout.write).toBe(stdout);
    expect(process.stderr.write).toBe(error);
  });

  test('calls back and reports back as the stream does', async ({ dir }) => {
    vi.restoreAllMocks();
    await openRun({ name: 'callbacks', root: dir, sinks: [] }, async () => {
      const called = await new Promise((resolve) =>
        expect(process.stderr.write('', () => resolve('called'))).toBe(true),
      );
      expect(called).toBe('called');
      expect(() => process.stderr.write(3 as never)).toThrow(TypeError);
    });
  });

  test('is of the inner run, where one runs in another', async ({ dir }) => {
    const inner = experiment({ name: 'inner-output', config: z.object({}), sinks: [] }, () => {
      process.stderr.write('inside\n');
    });
    let innerRun!: { dir: string };
    const outer = await openRun({ name: 'outer-output', root: dir, sinks: [] }, async () => {
      innerRun = await inner.run({}, { root: dir });
      process.stderr.write('outside\n');
    });

    expect(outputOf(innerRun).slice(1, -1)).toEqual(['inside']);
    expect(outputOf(outer).slice(1, -1)).toEqual(['outside']);
  });

  test('keeps head and tail of what is too long', async ({ dir }) => {
    vi.stubEnv('EXP_OUTPUT_LIMIT', '10kB');
    const run = await openRun({ name: 'long', root: dir, sinks: [] }, () => {
      for (let i = 0; i < 5000; i++) process.stderr.write(`line ${i}\n`);
    });

    const lines = outputOf(run);
    expect(lines[1]).toBe('line 0');
    expect(lines.at(-2)).toBe('line 4999');
    expect(lines.join('\n').length).toBeLessThan(10_200);
    expect(lines.filter((line) => line.includes('are left out here'))).toHaveLength(1);
  });

  test('has a size that makes sense', async ({ dir }) => {
    vi.stubEnv('EXP_OUTPUT_LIMIT', 'big');

    await expect(openRun({ name: 'limit', root: dir, sinks: [] })).rejects.toThrow(
      'EXP_OUTPUT_LIMIT must be a size of at least 1kB, such as 20MB, got "big".',
    );
  });
});

describe('the last words of a process', () => {
  test.for([
    ['a line', 'loading\nno such file\n', 'no such file'],
    ['a line without an end', 'loading\nno such file', 'no such file'],
    ['an error with frames', 'TypeError: boom\n    at f (a.ts:1:2)\n', 'TypeError: boom'],
    [
      'what Node says of one',
      'a.js:1\nTypeError: boom\n    at f (a.js:1:2) {\n  code: 3\n}\n\nNode.js v22.1.0\n',
      'TypeError: boom',
    ],
    [
      'code that cannot be loaded',
      'Error: Cannot load "a.ts": Expected ";"\n  a.ts:1:8\n  let a b\n',
      'Error: Cannot load "a.ts": Expected ";"',
    ],
    [
      'what Python says of one',
      'Traceback (most recent call last):\n  File "a.py", line 1\n    f()\nValueError: bad\n',
      'ValueError: bad',
    ],
    ['indented lines alone', '  usage\n', 'usage'],
    ['nothing', '', undefined],
  ] as const)('are, of %s, the line that says it', ([, text, words]) => {
    const log = new OutputLog();
    log.write('stderr', Buffer.from(text));
    log.flush();

    expect(log.lastWords).toBe(words);
  });
});
