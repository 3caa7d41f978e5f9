import { basename, join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { Checkpoints } from '../../src/checkpoint/checkpoints.ts';
import { listCheckpoints, newestCheckpoint, readCheckpoint } from '../../src/checkpoint/list.ts';
import { parseCheckpointFlag } from '../../src/checkpoint/policy-flag.ts';
import { checkPolicy, DEFAULT_POLICY } from '../../src/checkpoint/policy.ts';
import { test } from '../helpers/temp-dir.ts';

/** Seven calls, whose steps are their numbers; rlpyt's own rule. */
const CASES: readonly (readonly [policy: string, stays: readonly number[]])[] = [
  ['all', [0, 1, 2, 3, 4, 5, 6]],
  ['last', [6]],
  ['gap:3', [0, 2, 5]],
  ['last+gap:3', [0, 2, 5, 6]],
  ['none', []],
  ['last:2', [5, 6]],
  ['all:3', [4, 5, 6]],
  ['gap:3:2', [2, 5]],
  ['gap:1', [0, 1, 2, 3, 4, 5, 6]],
  ['last+gap:3:1', [5, 6]],
];

describe('a policy, after seven calls', () => {
  test.for(CASES)('%s keeps %j', async ([policy, stays], { dir }) => {
    const checkpoints = new Checkpoints(dir, checkPolicy(policy), expect.fail);

    for (let call = 0; call < 7; call++) {
      await checkpoints.save({ call }, undefined, { step: call });
    }

    const saved = listCheckpoints(dir);
    expect(saved.map(({ step }) => step)).toEqual(stays);
    const states = await Promise.all(saved.map(({ file }) => readCheckpoint(file)));
    expect(states.map(({ state }) => state)).toEqual(stays.map((call) => ({ call })));
  });
});

/** Calls with the steps 0, 1, 2 and so on: what each is judged by, or `force` for one in case of an end. */
async function save(dir: string, policy: unknown, calls: readonly unknown[]): Promise<Saved> {
  const warnings: string[] = [];
  const checkpoints = new Checkpoints(dir, checkPolicy(policy), (text) => void warnings.push(text));
  for (const [step, call] of calls.entries()) {
    const force = call === 'force';
    const metric = typeof call === 'number' ? call : undefined;
    await checkpoints.save(null, null, { step, metric, force });
  }
  return { stays: listCheckpoints(dir).map(({ step, reason }) => `${step} ${reason}`), warnings };
}

interface Saved {
  readonly stays: readonly string[];
  readonly warnings: readonly string[];
}

describe('the best checkpoints', () => {
  test.for<[policy: string, metrics: readonly number[], stays: readonly string[]]>([
    ['best:loss', [3, 1, 2], ['1 best', '2 last']],
    ['best:loss:min', [3, 2, 1], ['2 best']],
    ['best:accuracy:max', [3, 1, 2], ['0 best', '2 last']],
    ['best:accuracy:max:2', [1, 4, 2, 3, 0], ['1 best', '3 best', '4 last']],
    ['best:loss', [NaN, 5, NaN], ['1 best', '2 last']],
    ['best:loss', [NaN, NaN], ['1 last']],
    ['best:loss', [1, 1, 1], ['0 best', '2 last']],
    ['best:loss', [Infinity, 2, -Infinity, 3], ['2 best', '3 last']],
  ])('%s of %j are %j, with the newest', async ([policy, metrics, stays], { dir }) => {
    expect(await save(dir, policy, metrics)).toEqual({ stays, warnings: [] });
  });

  test('are none while there is nothing to judge by, and that is said once', async ({ dir }) => {
    const { stays, warnings } = await save(dir, 'best:eval/loss', [undefined, undefined, 1]);

    expect(stays).toEqual(['2 best']);
    expect(warnings).toEqual([
      'The checkpoint of step 0 cannot be judged: "eval/loss" has no value yet. Log it before, or name another metric.',
    ]);
  });
});

describe('a checkpoint in case of an end', () => {
  test.for<[policy: string, calls: readonly string[], stays: readonly string[]]>([
    ['gap:3', ['', 'force'], ['0 gap', '1 forced']],
    ['gap:3', ['', 'force', ''], ['0 gap', '2 gap']],
    ['gap:4', ['', 'force', 'force'], ['0 gap', '2 forced']],
    ['gap:4', ['', 'force', ''], ['0 gap', '1 forced']],
    ['last+gap:3', ['', 'force'], ['0 gap', '1 last']],
    ['none', ['force'], []],
    ['all', ['', 'force'], ['0 all', '1 all']],
  ])('with %s and the calls %j leaves %j', async ([policy, calls, stays], { dir }) => {
    expect(await save(dir, policy, calls)).toEqual({ stays, warnings: [] });
  });
});

describe('a run that goes on', () => {
  test('counts its calls from where it was, over all attempts', async ({ dir }) => {
    const policy = checkPolicy('gap:3');
    const first = new Checkpoints(dir, policy, expect.fail);
    for (let step = 0; step < 4; step++) await first.save(step, null, { step });

    const second = new Checkpoints(dir, policy, expect.fail);
    second.goOnFrom(listCheckpoints(dir).at(-1), join(dir, 'aside'));
    for (let step = 3; step < 7; step++) await second.save(step, null, { step });

    expect(listCheckpoints(dir).map(({ step, call }) => [step, call])).toEqual([
      [0, 0],
      [2, 2],
      [5, 5],
    ]);
  });

  test('puts aside what was saved after the point where it goes on', async ({ dir }) => {
    const checkpoints = new Checkpoints(dir, { mode: 'all' }, expect.fail);
    for (const step of [1, 2, 3]) await checkpoints.save(step, null, { step });

    checkpoints.goOnFrom(listCheckpoints(dir)[1], join(dir, 'aside'));
    await checkpoints.save('again', null, { step: 3 });

    const saved = listCheckpoints(dir);
    expect(saved.map(({ step, call }) => [step, call])).toEqual([[1, 0], [2, 1], [3, 2]]); // prettier-ignore
    expect((await readCheckpoint(saved[2]!.file)).state).toBe('again');
    expect((await readCheckpoint(join(dir, 'aside/step-000000003.ckpt'))).state).toBe(3);
  });

  test('removes nothing where it does not know from which one', async ({ dir }) => {
    const checkpoints = new Checkpoints(dir, { mode: 'all' }, expect.fail);
    for (const step of [1, 2]) await checkpoints.save(step, null, { step });
    const next = new Checkpoints(dir, { mode: 'all' }, expect.fail);

    next.goOnFrom(undefined, join(dir, 'aside'));

    expect(listCheckpoints(dir)).toHaveLength(2);
    expect(next.calls).toBe(2);
  });

  test('goes on from the last one saved, whatever the clock says', async ({ dir }) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const checkpoints = new Checkpoints(dir, { mode: 'all' }, expect.fail);
      for (const [step, year] of [2026, 1970, 2001].entries()) {
        vi.setSystemTime(new Date(year, 0));
        await checkpoints.save(step, null, { step });
      }
    } finally {
      vi.useRealTimers();
    }

    expect(listCheckpoints(dir).map(({ step }) => step)).toEqual([0, 1, 2]);
    expect(newestCheckpoint(dir, { warn: expect.fail })?.step).toBe(2);
  });

  test('keeps apart what was saved at one step', async ({ dir }) => {
    const checkpoints = new Checkpoints(dir, { mode: 'all' }, expect.fail);
    for (const step of [5, 5, -5]) await checkpoints.save(step, null, { step });

    const names = listCheckpoints(dir).map(({ file }) => basename(file));
    expect(names).toEqual(['step-000000005.ckpt', 'step-000000005-2.ckpt', 'step--000000005.ckpt']);
  });
});

describe('the text of a policy', () => {
  test.for<[text: string, policy: object]>([
    ['all', { mode: 'all' }],
    ['all:10', { mode: 'all', keep: 10 }],
    ['last', { mode: 'last' }],
    ['last:2', DEFAULT_POLICY],
    ['none', { mode: 'none' }],
    ['gap:5', { mode: 'gap', gap: 5 }],
    ['gap:5:3', { mode: 'gap', gap: 5, keep: 3 }],
    ['last+gap:5', { mode: 'last+gap', gap: 5 }],
    ['best:loss', { mode: 'best', metric: 'loss' }],
    ['best:eval/accuracy:max', { mode: 'best', metric: 'eval/accuracy', direction: 'maximize' }],
    ['best:a:min:3', { mode: 'best', metric: 'a', direction: 'minimize', keep: 3 }],
    ['best:a:b:3', { mode: 'best', metric: 'a:b', keep: 3 }],
  ])('%s is %j', ([text, policy]) => {
    expect(parseCheckpointFlag(text)).toEqual(policy);
    expect(checkPolicy(text)).toEqual(policy);
  });

  test.for([
    ['lats', '"lats" is no checkpoint policy: "lats" is no mode. Did you mean "last"?'],
    ['gap', 'the gap must be a whole number above 0, got ""'],
    ['gap:0', 'the gap must be a whole number above 0, got "0"'],
    ['last:x', 'the number to keep must be a whole number above 0, got "x"'],
    ['none:1', '":1" is too much'],
    ['all:1:2', '":2" is too much'],
    ['best', 'it names no metric'],
    ['', '"" is no mode'],
  ] as const)('is refused: "%s"', ([text, says]) => {
    expect(() => parseCheckpointFlag(text)).toThrow(says);
    expect(() => checkPolicy(text, 'project.yaml')).toThrow(/^project\.yaml: /);
  });
});

describe('the options of a policy', () => {
  test.for<[options: unknown, says: string]>([
    [{ mode: 'best' }, 'of mode "best" needs the metric that judges, got undefined.'],
    [{ mode: 'gap' }, 'of mode "gap" needs a gap above 0, got undefined.'],
    [{ mode: 'last', gap: 3 }, 'of mode "last" has no gap; "gap" and "last+gap" do.'],
    [{ mode: 'last', kepe: 3 }, 'has no option "kepe". Did you mean "keep"?'],
    [{ mode: 'latest' }, 'has no mode "latest". Did you mean "last"?'],
    [{}, 'has no mode undefined.'],
    [{ mode: 'all', keep: 1.5 }, 'keeps a whole number above 0, got 1.5.'],
    [{ mode: 'none', keep: 1 }, 'of mode "none" keeps nothing.'],
    [{ mode: 'all', metric: 'x' }, 'of mode "all" has no metric and no direction; "best" does.'],
    [
      { mode: 'best', metric: 'x', direction: 'max' },
      'has no direction "max". Write minimize or maximize.',
    ],
    [3, 'is no policy: 3.'],
  ])('%j are refused', ([options, says]) => {
    expect(() => checkPolicy(options, 'exptools.config.ts')).toThrow(
      `The checkpoint policy in exptools.config.ts ${says}`,
    );
  });
});
