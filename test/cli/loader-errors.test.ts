import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { runExp } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';
import { LEGACY, STANDARD, writeProject } from '../helpers/typescript-project.ts';

// In these texts DIR is the directory of the project.

interface Mistake {
  readonly what: string;
  readonly files: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly says: string;
}

const TWO = `
  import { experiment } from 'exptools';
  const options = { sinks: ['csv' as const] };
  export const a = experiment({ name: 'alpha', ...options }, () => 'a');
  export const b = experiment({ name: 'beta', ...options }, () => 'b');`;

const mistakes: Mistake[] = [
  {
    what: 'a file without an experiment',
    files: { 'main.ts': 'export const answer: number = 42;' },
    says:
      'Error: "DIR/main.ts" defines no experiment. Decorate its main function with ' +
      '@experiment({ name }), or export default experiment({ name }, async (run) => { ... }).\n',
  },
  {
    what: 'a file with several experiments',
    files: { 'main.ts': TWO },
    says: 'Error: "DIR/main.ts" has 2 experiments: alpha, beta. Choose one with --experiment NAME.\n',
  },
  {
    what: 'an experiment that the file does not have',
    files: { 'main.ts': TWO },
    args: ['--experiment', 'bet'],
    says: 'Error: No experiment "bet". Did you mean "beta"?\n',
  },
  {
    what: 'a file that does not parse',
    files: { 'main.ts': "import 'exptools';\n\n  export const a = {;\n" },
    says:
      'Error: Cannot load "DIR/main.ts": Expected identifier but found ";"\n' +
      '  DIR/main.ts:3:21\n  export const a = {;\n',
  },
  {
    what: 'an imported file that does not parse',
    files: {
      'main.ts': "import './lib/model.js';\n",
      'lib/model.ts': '// @captured\nconst größe = 1;\nlet = };\n',
    },
    says: 'Error: Cannot load "DIR/main.ts": Unexpected "}"\n  DIR/lib/model.ts:3:7\n  let = };\n',
  },
  {
    what: 'an imported JavaScript file that does not parse',
    files: {
      'main.ts': "import './lib.js';\n",
      'lib.js': 'if (\n',
      'package.json': '{ "type": "module" }',
    },
    says: 'Error: Cannot load "DIR/main.ts": Unexpected end of file\n  DIR/lib.js:2:1\n  \n',
  },
  {
    what: 'a file that throws',
    files: {
      'main.ts': "import './data.js';\n",
      'data.ts':
        "interface Data { x: number }\n\nfunction load(): Data {\n  throw new TypeError('no data here');\n}\nload();\n",
    },
    says:
      'Error: Cannot load "DIR/main.ts": no data here\n' +
      '    at load (DIR/data.ts:4:9)\n    at <anonymous> (DIR/data.ts:6:1)\n',
  },
  {
    what: 'a file that throws what is no error',
    files: { 'main.ts': "await Promise.reject('no data here');\n" },
    says: 'Error: Cannot load "DIR/main.ts": no data here\n',
  },
  {
    what: 'an import of a file that is not there',
    files: { 'main.ts': "import './modle.js';\n" },
    says:
      'Error: Cannot load "DIR/main.ts": ' +
      "Cannot find module 'DIR/modle.js' imported from DIR/main.ts\n",
  },
  {
    what: 'an import of a name that is not exported',
    files: { 'main.ts': "import { experimnt } from 'exptools';\nexperimnt();\n" },
    says:
      'Error: Cannot load "DIR/main.ts": ' +
      "The requested module 'exptools' does not provide an export named 'experimnt'\n" +
      '  DIR/main.ts:1\n',
  },
];

describe('run-exp, given what cannot be loaded,', () => {
  describe.for([
    ['legacy', LEGACY],
    ['standard', STANDARD],
  ] as const)('with %s decorators', ([, compilerOptions]) => {
    test.for(mistakes)('refuses $what', async ({ files, args = [], says }, { dir }) => {
      writeProject(dir, { 'tsconfig.json': { compilerOptions }, ...files });

      const { code, stdout, stderr } = await runExp(['main.ts', ...args], { cwd: dir });

      expect(stderr.replaceAll(dir, 'DIR')).toBe(says);
      expect([code, stdout, existsSync(join(dir, 'runs'))]).toEqual([2, '', false]);
    });
  });

  test('gives up at once on a file that ends the process', async ({ dir }) => {
    writeProject(dir, { 'main.ts': "console.error('I leave');\nprocess.exit(0);\n" });
    const begin = performance.now();

    const { code, stderr } = await runExp(['main.ts'], { cwd: dir });

    expect(stderr).toContain('Error: The file ended its process while it was loaded.\nI leave\n');
    expect(code).toBe(1);
    expect(performance.now() - begin).toBeLessThan(4000);
  });

  test('refuses a path that cannot be imported from', async ({ dir }) => {
    writeProject(join(dir, 'run #1'), { 'main.ts': TWO });

    const { code, stderr } = await runExp(['run #1/main.ts'], { cwd: dir });

    expect(stderr).toContain('a path with "#" in it is none that modules can be imported from');
    expect(code).toBe(2);
  });
});

const MISUSE = `import { captured, experiment, inject } from 'exptools';

@experiment({ name: 'misuse' })
export class Misuse {
  main() {}

  MEMBER
}
`;

interface Misuse {
  readonly what: string;
  readonly member: string;
  readonly compilerOptions: object;
  readonly says: string;
}

const misuses: Misuse[] = [
  {
    what: 'a legacy decorator on the wrong thing',
    member: '@captured lr = 3;',
    compilerOptions: LEGACY,
    says: '@captured cannot decorate the field Misuse.lr: it belongs on methods.',
  },
  {
    what: 'a standard decorator on the wrong thing',
    member: '@captured lr = 3;',
    compilerOptions: STANDARD,
    says: '@captured cannot decorate the field lr: it belongs on methods.',
  },
  {
    what: 'a legacy decorator on a #private method',
    member: '@captured #fit() {}',
    compilerOptions: LEGACY,
    says:
      '@captured cannot decorate the member Misuse.#private: ' +
      'legacy decorators know no #members, write private instead.',
  },
  {
    what: 'a legacy decorator whose parameters have a type from further below',
    member: '@captured fit(later: Later = inject()) { return later; }\n}\nexport class Later {',
    compilerOptions: LEGACY,
    says:
      'Cannot load "DIR/main.ts": Cannot access \'Later\' before initialization\n' +
      '  If Later is the type of a decorated member, put it above that class: ' +
      'legacy decorators need it when the file loads. Else look for imports that go in a circle.',
  },
];

describe('run-exp, given a misuse in an imported file,', () => {
  test.for(misuses)('refuses $what', async ({ member, compilerOptions, says }, { dir }) => {
    const files = {
      'main.ts': "import './model.js';\n",
      'model.ts': MISUSE.replace('MEMBER', member),
    };
    writeProject(dir, { 'tsconfig.json': { compilerOptions }, ...files });

    const { code, stdout, stderr } = await runExp(['main.ts'], { cwd: dir });

    const lines = stderr.trimEnd().replaceAll(dir, 'DIR').split('\n');
    expect(lines.at(-1)).toMatch(/^ {4}at <anonymous> \(DIR\/model\.ts:[78]:\d+\)$/);
    expect(lines.slice(0, -1).join('\n')).toBe(`Error: ${says}`);
    expect([code, stdout]).toEqual([2, '']);
  });
});

describe('run-exp --experiment', () => {
  test('chooses among the experiments of a file', async ({ dir }) => {
    writeProject(dir, { 'main.ts': TWO });

    const { code } = await runExp(['main.ts', '--experiment', 'beta'], { cwd: dir });

    expect(code).toBe(0);
    expect(manifestOf(runDirs(join(dir, 'runs'), 'beta')[0]!)['result']).toBe('b');
  });
});
