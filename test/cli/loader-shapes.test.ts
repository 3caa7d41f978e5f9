import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { runExp } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';
import { LEGACY, STANDARD, writeProject } from '../helpers/typescript-project.ts';

const tsconfig = (compilerOptions: object, rest: object = {}): object => ({
  compilerOptions,
  ...rest,
});

/** An experiment whose result is what `expression` gives in a captured method. */
const main = (expression: string, imports = ''): string => `
  import { captured, experiment, inject, Run } from 'exptools';
  import { z } from 'zod';
  ${imports}
  @experiment({ name: 'shape', config: z.object({ lr: z.number().default(0.5) }), sinks: ['csv'] })
  export class Shape {
    main() { return this.fit(); }
    @captured fit(lr: number = inject()) { return ${expression}; }
  }`;

const MODEL = `
  import { captured, inject, Run } from 'exptools';
  const attempt = (fn: () => unknown) => { try { return fn(); } catch { return 'failed'; } };
  class Model {
    @captured byName(lr: number = inject()) { return lr; }
    @captured byType(current: Run = inject()) { return current.experiment; }
  }
  export const model = (): unknown => {
    const made = new Model();
    return [made.byName(), attempt(() => made.byType())];
  };`;

interface Shape {
  readonly what: string;
  readonly files: Readonly<Record<string, string | object>>;
  readonly file?: string;
  readonly result?: unknown;
}

const shapes: Shape[] = [
  {
    what: 'a file with standard decorators that imports one with legacy ones',
    files: {
      'tsconfig.json': tsconfig(STANDARD),
      'main.ts': main('[lr, ...model()]', "import { model } from './legacy/model.js';"),
      'legacy/tsconfig.json': tsconfig(LEGACY),
      'legacy/model.ts': MODEL,
    },
    result: [0.5, 0.5, 'shape'],
  },
  {
    what: 'a file with legacy decorators that imports one with standard ones',
    files: {
      'tsconfig.json': tsconfig(LEGACY),
      'main.ts': main('[lr, ...model()]', "import { model } from './standard/model.js';"),
      'standard/tsconfig.json': tsconfig(STANDARD),
      'standard/model.ts': MODEL,
    },
    result: [0.5, 0.5, 'failed'],
  },
  {
    what: 'a file with standard decorators that is imported while the run is under way',
    files: {
      'tsconfig.json': tsconfig(STANDARD),
      'main.ts': main("import('./model.js').then(({ model }) => model())"),
      'model.ts': MODEL,
    },
    result: [0.5, 'failed'],
  },
  ...([LEGACY, STANDARD] as const).flatMap((options): Shape[] => {
    const dialect = options === LEGACY ? 'legacy' : 'standard';
    return [
      {
        what: `a tsconfig with references alone, to one for ${dialect} decorators`,
        files: {
          'tsconfig.json': { files: [], references: [{ path: './tsconfig.app.json' }] },
          'tsconfig.app.json': tsconfig(options, { include: ['src'] }),
          'src/main.ts': main('lr'),
        },
        file: 'src/main.ts',
      },
      {
        what: `a reference to the directory of a project with ${dialect} decorators`,
        files: {
          'tsconfig.json': { files: [], references: [{ path: './src' }] },
          'src/tsconfig.json': tsconfig(options),
          'src/main.ts': main('lr'),
        },
        file: 'src/main.ts',
      },
      {
        what: `a file outside of the include of a tsconfig for ${dialect} decorators`,
        files: {
          'tsconfig.json': tsconfig(options, { include: ['src'] }),
          'src/index.ts': 'export {};',
          'experiments/main.ts': main('lr'),
        },
        file: 'experiments/main.ts',
      },
      {
        what: `a tsconfig for ${dialect} decorators that extends another, with comments`,
        files: {
          'tsconfig.base.json': `{ /* base */ "compilerOptions": ${JSON.stringify(options)}, }`,
          'tsconfig.json': '{ "extends": "./tsconfig.base.json", // ours\n }',
          'main.ts': main('lr'),
        },
      },
      {
        what: `an old target, and fields that are assigned, with ${dialect} decorators`,
        files: {
          'tsconfig.json': tsconfig({
            ...options,
            target: 'es2015',
            useDefineForClassFields: false,
          }),
          'main.ts': `
            import { config, experiment } from 'exptools';
            import { z } from 'zod';
            @experiment({ name: 'shape', sinks: ['csv'] })
            export class Shape {
              @config(z.object({ lr: z.number().default(0.5) })) config!: { lr: number };
              async main() { return (await this.config).lr; }
            }`,
        },
      },
      {
        what: `paths of a tsconfig for ${dialect} decorators`,
        files: {
          'tsconfig.json': tsconfig({ ...options, paths: { '#lib/*': ['./lib/*'] } }),
          'main.ts': main('half(lr) * 2', "import { half } from '#lib/half.js';"),
          'lib/half.ts': 'export const half = (x: number): number => x / 2;',
        },
      },
      {
        what: `a directory with blanks, signs and letters of all kinds, with ${dialect} decorators`,
        files: {
          'tsconfig.json': tsconfig(options),
          'my "runs", größe & [x]/main file (1).ts': main('lr'),
        },
        file: 'my "runs", größe & [x]/main file (1).ts',
      },
      {
        what: `an .mts file in a commonjs package, with ${dialect} decorators`,
        files: {
          'package.json': { type: 'commonjs' },
          'tsconfig.json': tsconfig(options),
          'main.mts': main('lr + zero', "import { zero } from './zero.mjs';"),
          'zero.mts': 'export const zero = await Promise.resolve(0);',
        },
        file: 'main.mts',
      },
    ];
  }),
  {
    what: 'a file written in JavaScript',
    files: {
      'main.js': `
        import { captured, experiment } from 'exptools';
        const fit = captured((seed, lr = 0.5) => lr);
        export default experiment({ name: 'shape', sinks: ['csv'] }, () => fit());`,
      'package.json': { type: 'module' },
    },
    file: 'main.js',
  },
];

describe('run-exp', () => {
  test.for(shapes)('loads $what', async ({ files, file = 'main.ts', result = 0.5 }, { dir }) => {
    writeProject(join(dir, 'project'), files);
    const root = join(dir, 'runs');

    const { code, stderr } = await runExp([join('project', file), '--root', root], { cwd: dir });

    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
    expect(manifestOf(runDirs(root, 'shape')[0]!)['result']).toEqual(result);
  });
});
