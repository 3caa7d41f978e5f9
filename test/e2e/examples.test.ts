import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject } from 'vitest';
import { REPO, runExp } from '../helpers/run-exp.ts';
import { manifestOf, progressOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';
import { TFJS_NODE_BUILD } from '../setup/tool-paths.ts';

const missing = inject('missingTools');

/** Runs an example and returns its result and its metrics, the clock left out. */
async function runExample(root: string, name: string, ...words: string[]) {
  const { code, stderr } = await runExp([`examples/${name}/main.ts`, '--root', root, ...words]);
  expect(code, stderr).toBe(0);
  const dir = runDirs(root, name).at(-1)!;
  const rows = progressOf(dir).map(({ wall_time: _, elapsed: __, ...metrics }) => metrics);
  return { result: manifestOf(dir)['result'] as Record<string, number>, rows };
}

describe('the examples', () => {
  test('hello estimates pi', async ({ dir }) => {
    const { result, rows } = await runExample(dir, 'hello', 'darts=100000', '--seed', '1');

    expect(rows).toHaveLength(10);
    expect(result['error']).toBeLessThan(0.05);
  });

  test(
    'digits learns, and the same seed gives the same metrics',
    { timeout: 60_000 },
    async ({ dir }) => {
      const first = await runExample(dir, 'digits', 'with=quick', '--seed', '1');
      const second = await runExample(dir, 'digits', 'with=quick', 'seed=1');
      const other = await runExample(dir, 'digits', 'with=quick', 'seed=2');

      expect(first.result['accuracy']).toBeGreaterThan(0.75);
      expect(second).toEqual(first);
      expect(other.rows).not.toEqual(first.rows);
      expect(Object.keys(first.rows[0]!)).toEqual([
        'step',
        'train/loss',
        'train/accuracy',
        'eval/loss',
        'eval/accuracy',
      ]);
    },
  );

  describe.for([
    ['js', 'tfjs'],
    ['node', 'tfjs-node'],
  ] as const)('digits with EXP_TFJS=%s', ([choice, backend]) => {
    test('learns, and says in its manifest what computed', async ({ dir, skip }) => {
      skip(choice === 'node' && missing['tfjs-node'] !== undefined, missing['tfjs-node']);
      const env = { EXP_TFJS: choice, EXP_TFJS_NODE: choice === 'node' ? TFJS_NODE_BUILD : '' };
      const words = ['train=1500', 'test=300', 'epochs=2', '--seed', '1', '--root', dir];

      const { code, stderr } = await runExp(['examples/digits/main.ts', ...words], { env });

      expect(code, stderr).toBe(0);
      const manifest = manifestOf(runDirs(dir, 'digits')[0]!);
      expect(manifest).toMatchObject({ backend, versions: { tfjs: '4.22.0' } });
      // Of one seed, in single precision: what differs is the order of sums.
      expect(manifest['result'].accuracy).toBeCloseTo(0.82, 1);
    });
  });

  test(
    'cartpole balances its pole, and the same seed gives the same metrics',
    { timeout: 60_000 },
    async ({ dir }) => {
      const words = ['iterations=40', '--seed', '3'];

      const first = await runExample(dir, 'cartpole', ...words);
      const second = await runExample(dir, 'cartpole', ...words);
      const untrained = await runExample(dir, 'cartpole', 'untrained', '--seed', '3');

      expect(first.result['return']).toBeGreaterThan(150);
      expect(untrained.result['return']).toBeLessThan(50);
      expect(second).toEqual(first);
    },
  );

  test.for(['hello', 'digits', 'cartpole'])('%s imports the package by its name', (name) => {
    const files = readdirSync(join(REPO, 'examples', name)).filter((file) => file.endsWith('.ts'));
    const source = files.map((file) => readFileSync(join(REPO, 'examples', name, file), 'utf8'));

    expect(source.join('\n')).toMatch(/from 'exptools'/);
    expect(source.join('\n')).not.toMatch(/from '\.\.\//);
  });
});
