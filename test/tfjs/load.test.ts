import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject } from 'vitest';
import { REPO, start, type Finished } from '../helpers/run-exp.ts';
import { test as base } from '../helpers/temp-dir.ts';
import { writeFiles, type Files } from '../helpers/typescript-project.ts';
import { nodeBinary, TFJS_NODE_BUILD } from '../setup/tool-paths.ts';

const missing = inject('missingTools');
const NATIVE = { EXP_TFJS_NODE: TFJS_NODE_BUILD };

const LOAD = `
import { loadTf } from 'exptools/tfjs';
const backend = process.argv[2];
try {
  const tf = await loadTf(backend === undefined ? {} : { backend });
  console.log(tf.getBackend(), tf.scalar(2).square().dataSync()[0]);
} catch (error) {
  console.log(error.code, error.message);
}
`;

interface Project {
  /** Runs a file of the project and says what it prints. */
  node(args: readonly string[], env?: NodeJS.ProcessEnv, binary?: string): Promise<Finished>;
  write(files: Files): void;
  /** Makes @tensorflow/tfjs one of its packages. */
  install(): void;
}

/** A project that has this package installed, and its dependencies, but no TensorFlow.js. */
const test = base.extend<{ project: Project }>({
  project: async ({ dir }, use) => {
    const packages = join(dir, 'node_modules');
    mkdirSync(join(packages, 'exptools'), { recursive: true });
    for (const part of ['dist', 'package.json']) {
      cpSync(join(REPO, part), join(packages, 'exptools', part), { recursive: true });
    }
    const others = readdirSync(join(REPO, 'node_modules')).filter(
      (name) => !name.startsWith('.') && name !== '@tensorflow',
    );
    for (const name of others) {
      symlinkSync(join(REPO, 'node_modules', name), join(packages, name));
    }
    writeFiles(dir, { 'package.json': { type: 'module' }, 'load.js': LOAD });
    await use({
      node: (args, env = {}, binary = process.execPath) =>
        start(binary, args, { cwd: dir, env: { EXP_TFJS_NODE: '', EXP_TFJS: '', ...env } })
          .finished,
      write: (files) => writeFiles(dir, files),
      install: () =>
        symlinkSync(join(REPO, 'node_modules/@tensorflow'), join(packages, '@tensorflow')),
    });
  },
});

describe('exptools/tfjs without TensorFlow.js', () => {
  test('can be imported; loadTf says what to install', async ({ project }) => {
    const { stdout } = await project.node(['load.js']);

    expect(stdout).toBe(
      'EXP_TFJS TensorFlow.js is not installed. Install it with: npm install @tensorflow/tfjs\n',
    );
  });

  test('says how to get the native engine that was asked for', async ({ project, skip }) => {
    skip(process.platform !== 'linux' || process.arch !== 'x64', 'elsewhere none can be built');

    const { stdout } = await project.node(['load.js', 'node']);

    expect(stdout).toBe(
      'EXP_TFJS @tensorflow/tfjs-node is not there. It is neither installed nor built. ' +
        'Build it with: npx run-exp setup-tfjs-node\n',
    );
  });

  test('tells a native engine that is installed from one that works', async ({ project }) => {
    project.write({ 'node_modules/@tensorflow/tfjs-node/package.json': { version: '4.22.0' } });

    const { stdout } = await project.node(['load.js', 'node']);

    expect(stdout).toContain('but not its addon: its install script has not run. Build it with');
  });

  test('knows no TensorFlow.js to log trainings of', async ({ project }) => {
    project.write({
      'callback.js': `
        import { tfCallback } from 'exptools/tfjs';
        try { tfCallback(); } catch (error) { console.log(error.message); }`,
    });

    const { stdout } = await project.node(['callback.js']);

    expect(stdout).toContain('load it with loadTf(), or pass it as { tf }');
  });
});

describe('loadTf', () => {
  test('takes the pure back end where there is no other, without advertisements', async ({
    project,
  }) => {
    project.install();

    const { stdout, stderr } = await project.node(['load.js']);

    expect({ stdout, stderr }).toEqual({ stdout: 'cpu 4\n', stderr: '' });
  });

  test.for([
    [{ EXP_TFJS: 'nod' }, /EXP_TFJS names no back end: "nod". Did you mean "node"\?/],
    [{ EXP_TFJS_NODE: '/nowhere' }, /EXP_TFJS_NODE names "\/nowhere", and no finished build/],
  ] as const)('refuses %j, also where it might do without', async ([env, says], { project }) => {
    project.install();

    const { stdout } = await project.node(['load.js'], env);

    expect(stdout).toMatch(says);
  });

  describe.skipIf(missing['tfjs-node'] !== undefined)('where there is a native engine', () => {
    test('prefers it', async ({ project }) => {
      project.install();

      const { stdout, stderr } = await project.node(['load.js'], NATIVE);

      expect({ stdout, stderr }).toEqual({ stdout: 'tensorflow 4\n', stderr: '' });
    });

    test('needs nothing else: the pure one came with it', async ({ project }) => {
      const native = await project.node(['load.js'], NATIVE);
      const pure = await project.node(['load.js', 'js'], NATIVE);

      expect([native.stdout, pure.stdout]).toEqual(['tensorflow 4\n', 'cpu 4\n']);
    });

    test('finds one that was built for the project', async ({ dir, project }) => {
      project.install();
      mkdirSync(join(dir, '.cache'));
      symlinkSync(TFJS_NODE_BUILD, join(dir, '.cache/tfjs-node'));

      const { stdout } = await project.node(['load.js']);

      expect(stdout).toBe('tensorflow 4\n');
    });

    test('takes the pure one where the environment says so', async ({ project }) => {
      project.install();

      const { stdout } = await project.node(['load.js'], { ...NATIVE, EXP_TFJS: 'js' });

      expect(stdout).toBe('cpu 4\n');
    });

    test.for([20, 22, 24])(
      'shares the TensorFlow.js that the code imports itself, on Node %d',
      async (major, { project, skip }) => {
        skip(missing[`node-${major}`] !== undefined, missing[`node-${major}`]);
        project.install();
        project.write({
          'share.js': `
            import * as own from '@tensorflow/tfjs';
            import { loadTf } from 'exptools/tfjs';
            const tf = await loadTf({ backend: 'node' });
            console.log(own.getBackend(), own.Callback === tf.Callback, typeof tf.node.tensorBoard);`,
        });

        const { stdout, stderr } = await project.node(['share.js'], NATIVE, nodeBinary(major));

        expect({ stdout, stderr }).toEqual({ stdout: 'tensorflow true function\n', stderr: '' });
      },
    );

    test('refuses to mix versions', async ({ project }) => {
      project.write({
        'node_modules/@tensorflow/tfjs/package.json': { version: '4.20.0', main: 'dist/tf.js' },
        'node_modules/@tensorflow/tfjs/dist/tf.js': 'exports.version = { tfjs: "4.20.0" };',
        'mix.js': `import '@tensorflow/tfjs';\n${LOAD}`,
      });

      const { stdout } = await project.node(['mix.js', 'node'], NATIVE);

      expect(stdout).toContain('@tensorflow/tfjs 4.20.0 is loaded, and the native engine is for');
      expect(stdout).toContain('Install @tensorflow/tfjs@4.22.0.');
    });
  });
});
