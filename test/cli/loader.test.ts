import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { LEGACY, STANDARD, writeProject } from '../helpers/typescript-project.ts';
import { REPO, start } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { NODE_MAJORS, nodeBinary } from '../setup/tool-paths.ts';

// The tests are compiled by other means than the user's files: the loader is tried on files alone.

const MAIN = `
import { captured, command, config, experiment, inject, logger, Logger, Rng, Run } from 'exptools';
import { z } from 'zod';
import { double } from './double.js';
import { helperName } from './lib/helper';

const lr = 'a variable that a parameter shadows';
enum Mode { Slow, Fast = 5 }
namespace Geometry { export const corners = 4; }
const awaited = await Promise.resolve('at the top level');

const Training = z.object({ lr: z.number().default(0.5), depth: z.int().default(2) });

@experiment({ name: 'loaded', config: Training, sinks: ['csv'] })
export class Loaded {
  @config config!: z.infer<typeof Training>;
  @config depth!: unknown;
  declare untouched: string;

  async main(run: Run<z.infer<typeof Training>>) {
    const typed = await this.byType().then(() => 'yes', (error: Error) => error.message);
    return {
      byName: this.byName(), shadowing: this.shadowing().log === logger.log, members: this.members(), static: Loaded.static(),
      fields: [this.config.lr, this.depth], helper: helperName(), enum: Mode.Fast,
      namespace: Geometry.corners, awaited, lr, typed, name: Loaded.name, node: process.versions.node,
    };
  }

  @captured byName(lr: number = 7) { return double(lr); }
  @captured shadowing(logger: Logger = inject()) { return logger; }
  @captured members({ lr, depth: helperName = 0, ...rest }: { lr?: number; depth?: number } = inject()) {
    return [lr, helperName, rest];
  }
  @captured async byType(current: Run = inject(), random: Rng = inject()) { return current.id; }
  @captured static static(depth: number = inject()) { return depth; }
  @command evaluate() { return 'evaluated'; }
}
`;

const FILES = {
  'main.ts': MAIN,
  'double.ts': 'export const double = (x: number): number => x * 2;',
  'lib/helper.ts': `
    import { captured, inject } from 'exptools';
    class Helper { @captured name(depth: number = inject()) { return \`depth \${depth}\`; } }
    export const helperName = (): string => new Helper().name();`,
};

const KINDS = [
  ['of type module', { type: 'module' }],
  ['of type commonjs', { type: 'commonjs' }],
  ['without a type', {}],
] as const;

const DIALECTS = [
  ['legacy decorators', { 'tsconfig.json': { compilerOptions: LEGACY } }, 'yes'],
  [
    'standard decorators',
    { 'tsconfig.json': { compilerOptions: STANDARD } },
    'byType() needs "current", "random", which neither the call nor the config gives. ' +
      'Known: lr, depth, run, config, logger, rng, seed, runId, runDir, signal.',
  ],
  ['no tsconfig', {}, 'yes'],
] as const;

const CASES = KINDS.flatMap(([kind, manifest]) =>
  DIALECTS.map(([dialect, config, typed]) => ({ kind, manifest, dialect, config, typed })),
);

describe.for(CASES)('run-exp in a package $kind with $dialect', ({ manifest, config, typed }) => {
  const missing = inject('missingTools');
  let dir: string;

  beforeAll(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'exptools-')));
    writeProject(dir, { ...FILES, ...config, 'package.json': { name: 'user', ...manifest } });
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test.for(NODE_MAJORS)('runs the experiment on Node %d', async (major, { skip }) => {
    skip(missing[`node-${major}`] !== undefined, missing[`node-${major}`]);
    const root = join(dir, `runs-${major}`);
    const args = [join(REPO, 'dist/src/cli/run-exp.js'), 'main.ts', '--root', root];

    const { code, stderr } = await start(nodeBinary(major), args, { cwd: dir }).finished;

    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
    const { result } = manifestOf(runDirs(root, 'loaded')[0]!);
    expect(result).toEqual({
      byName: 1,
      shadowing: true,
      members: [0.5, 2, {}],
      static: 2,
      fields: [0.5, 2],
      helper: 'depth 2',
      enum: 5,
      namespace: 4,
      awaited: 'at the top level',
      lr: 'a variable that a parameter shadows',
      typed,
      name: 'Loaded',
      node: expect.stringMatching(`^${major}\\.`),
    });
  });
});
