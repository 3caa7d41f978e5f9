import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import { logger, openRun } from '../../src/index.ts';
import { logged } from '../helpers/logged.ts';
import { test } from '../helpers/temp-dir.ts';

const ZONED = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d`;

let stderr: string[];

beforeEach(() => {
  stderr = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr.push(String(text));
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  logger.setLevel('info');
});

/** The lines of stderr without their times. */
function said(): string[] {
  const time = new RegExp(`^(${ZONED}|\\d\\d:\\d\\d:\\d\\d) `);
  return stderr.map((line) => line.replace(time, '').trimEnd());
}

describe('text lines', () => {
  test('have a time, a level and a message made as by console.log', () => {
    logger.info('half', { way: 1 }, 3);
    logger.warn('%d %s', 2, 'things');
    logger.error(new Error('left').message);

    expect(said()).toEqual(['info  half { way: 1 } 3', 'warn  2 things', 'error left']);
    expect(stderr[0]).toMatch(new RegExp(`^${ZONED} info`));
  });

  test('have a short local time and colours on a terminal', () => {
    vi.stubEnv('NO_COLOR', '');
    const { isTTY } = process.stderr;
    process.stderr.isTTY = true;
    try {
      logger.warn('hot');
      logger.level('milestone', { color: 'magenta' })('done');
    } finally {
      process.stderr.isTTY = isTTY;
    }

    const [hot, done] = stderr.map((line) => line.replaceAll('\u001b[', '<'));
    expect(hot).toMatch(/^<2m\d\d:\d\d:\d\d<22m <33mwarn {2}hot/);
    expect(done).toMatch(/ <1m<35mMILESTONE done/);
  });

  test.for([
    ['debug', ['debug a', 'info  b', 'warn  c', 'error d', 'MILESTONE e']],
    ['info', ['info  b', 'warn  c', 'error d', 'MILESTONE e']],
    ['warn', ['warn  c', 'error d']],
    [25, ['warn  c', 'error d', 'MILESTONE e']],
    [99, []],
  ] as const)('from %s on are shown', ([level, shown]) => {
    const milestone = logger.level('milestone');
    logger.setLevel(level);

    logger.debug('a');
    logger.info('b');
    logger.warn('c');
    logger.error('d');
    milestone('e');

    expect(said()).toEqual(shown);
  });

  test("of a level of one's own have the severity it is given", () => {
    const trace = logger.level('trace', { severity: 5 });
    const fatal = logger.level('fatal', { severity: 50, color: 'red' });
    logger.setLevel('error');

    trace('a');
    fatal('b');

    expect(said()).toEqual(['FATAL b']);
  });

  test.for([
    { title: 'a level that is there', call: () => logger.level('info'), text: 'logger.info()' },
    { title: 'a level without a name', call: () => logger.level(''), text: '"" cannot name' },
    {
      title: 'a color that is none',
      call: () => logger.level('x', { color: 'cyna' as never }),
      text: 'Did you mean "cyan"?',
    },
    {
      title: 'a severity that is none',
      call: () => logger.level('x', { severity: 'high' as never }),
      text: 'must be a number, got high',
    },
    {
      title: 'a least level that is unknown',
      call: () => logger.setLevel('wran' as never),
      text: 'Did you mean "warn"?',
    },
  ])('cannot have $title', ({ call, text }) => {
    expect(call).toThrow(
      expect.objectContaining({ code: 'EXP_LOG', message: expect.stringContaining(text) }),
    );
  });
});

describe('logger.textPrefix', () => {
  test('stands before text, outermost first, and never enters tags', async ({ dir }) => {
    const rows = await logged(dir, () => {
      logger.textPrefix('fold 3', () => {
        logger.prefix('train', () => {
          logger.textPrefix('epoch 1', () => {
            logger.info('here');
            logger.log({ loss: 1 });
          });
          logger.child('probe').info('there');
        });
      });
      logger.info('outside');
    });

    expect(rows).toEqual([{ step: 0, 'train/loss': 1 }]);
    expect(said()).toEqual([
      'info  [fold 3] [epoch 1] here',
      'info  [fold 3] [train/probe] there',
      'info  outside',
    ]);
  });

  test('ends with its block, also by an exception, and can be used without a function', async ({
    dir,
  }) => {
    await logged(dir, () => {
      const failing = (): unknown =>
        logger.textPrefix('a', () => {
          throw new Error('left');
        });
      expect(failing).toThrow('left');
      logger.info('1');
      {
        using _ = logger.textPrefix('b');
        logger.info('2');
      }
      logger.info('3');
    });

    expect(said()).toEqual(['info  1', 'info  [b] 2', 'info  3']);
  });

  test('keeps a thousand concurrent tasks apart, as tags do', async ({ dir }) => {
    const rows = await logged(dir, () =>
      Promise.all(
        Array.from({ length: 1000 }, (_, task) =>
          logger.textPrefix(`task ${task}`, () =>
            logger.prefix(`t${task}`, async () => {
              for (let i = 0; i < 3; i++) {
                await turn();
                logger.info(task);
                logger.log({ task });
              }
            }),
          ),
        ),
      ),
    );

    expect(said()).toHaveLength(3000);
    for (const line of said()) expect(line).toMatch(/^info {2}\[task (\d+)\] \1$/);
    expect(rows).toHaveLength(3000);
    for (const { step: _, ...row } of rows) {
      const [[tag, task]] = Object.entries(row) as [[string, unknown]];
      expect(tag).toBe(`t${String(task)}/task`);
    }
  });

  test('refuses to be empty', () => {
    expect(() => logger.textPrefix('', () => {})).toThrow(
      expect.objectContaining({ code: 'EXP_PREFIX' }),
    );
  });
});

describe('logger.logLocals', () => {
  test('shows values by name in one block, with long ones cut', async () => {
    const tensor = { shape: [32, 784], dtype: 'float32', internals: Array(1000).fill(0) };
    logger.logLocals({
      lr: 0.1,
      losses: Array.from({ length: 100 }, (_, i) => i),
      weights: new Float32Array(1000),
      batch: { x: tensor, y: [tensor] },
      name: 'a'.repeat(5000),
    });

    const text = stderr.join('');
    expect(stderr).toHaveLength(1);
    expect(text).toMatch(/info {2}locals\n {2}lr {6}= 0\.1\n/);
    expect(text).toContain('losses  = [ 0, 1, 2, 3, 4, ... 95 more items ]');
    expect(text).toContain('weights = Float32Array(1000) [ 0, 0, 0, 0, 0, ... 995 more items ]');
    expect(text).toContain(
      'batch   = { x: Tensor float32 [32, 784], y: [ Tensor float32 [32, 784] ] }',
    );
    expect(text.length).toBeLessThan(2000);
  });

  test('goes on where a value cannot be read', () => {
    const broken = {
      get inner(): never {
        throw new Error('closed');
      },
    };

    logger.logLocals({ broken, lr: 0.1 });

    expect(stderr.join('')).toMatch(/broken = <cannot be shown: closed>\n {2}lr {5}= 0\.1/);
  });

  test('shows what refers to itself, and what throws when it is read', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    logger.logLocals({ circle, map: new Map([['a', 1]]), nothing: undefined, fn: () => 1 });

    expect(stderr.join('')).toMatch(/circle .*\n.*map .*Map\(1\) { 'a' => 1 }/s);
  });

  test('shows the config of a run without counting it as read', async ({ dir }) => {
    const config = { lr: 0.1, net: { width: 3 } };
    const run = await openRun({ name: 'locals', root: dir, sinks: [], config }, (run) => {
      logger.logLocals({ config: run.config });
    });

    expect(stderr.join('')).toContain('lr: 0.1');
    expect(run.reads).toEqual({});
  });

  test('is hidden with its level', () => {
    logger.logLocals({ a: 1 }, 'debug');

    expect(stderr).toEqual([]);
  });
});
