import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ExpError, messageOf } from '../../core/errors.ts';
import { ensureDir } from '../../files/create-dir.ts';
import { compileAddon } from './addon.ts';
import { withLock } from './lock.ts';
import { isBuilt, libraryOf, packageIn, TENSORFLOW_VERSION, TFJS_VERSION } from './place.ts';
import { checkRequirements } from './requirements.ts';
import { runProgram } from './run-program.ts';
import { unpackTensorFlow } from './tensorflow-wheel.ts';

/**
 * Builds @tensorflow/tfjs-node in `dir` from what npm and PyPI have: its JavaScript, TensorFlow's
 * library out of the Python wheel, and the addon between them, compiled here. What is there already
 * stays: a second call does nothing, and one after a failure goes on where that stopped. Any number
 * of processes may ask at once; one builds.
 * @param say gets a line about each step.
 * @throws {ExpError} EXP_TFJS, EXP_FILE
 */
export function buildNative(dir: string, say: (line: string) => void): void {
  const build = resolve(dir);
  if (isBuilt(build)) return say(`tfjs-node is there already: ${build}`);
  ensureDir(build);
  withLock(
    join(build, '.lock'),
    () => say(`waiting for another process that builds in ${build}`),
    () => (isBuilt(build) ? say(`tfjs-node is there now: ${build}`) : buildIn(build, say)),
  );
}

function buildIn(build: string, say: (line: string) => void): void {
  const startedAt = performance.now();
  checkRequirements(build);
  say(`building tfjs-node ${TFJS_VERSION} in ${build}: 210 MB to download, 0.9 GB on disk`);
  // Whatever git ignores elsewhere, it never sees this.
  writeFileSync(join(build, '.gitignore'), '*\n');
  const packageDir = packageIn(build);
  step('npm install', () => installScripts(build));
  if (!existsSync(libraryOf(packageDir))) {
    say(`taking TensorFlow ${TENSORFLOW_VERSION} out of its wheel for Python`);
    step('TensorFlow from PyPI', () => unpackTensorFlow(build, packageDir));
  }
  say('compiling the addon');
  const version = step('the addon', () => compileAddon(build, packageDir));
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  say(`tfjs-node ${TFJS_VERSION} with TensorFlow ${version} is ready after ${seconds} s: ${build}`);
}

function step<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    const said = stderr?.trim() ?? '';
    throw new ExpError(
      'EXP_TFJS',
      `tfjs-node could not be built: ${what} failed.\n${said === '' ? messageOf(error) : said}\n` +
        'Once that is solved, the same command goes on from here.',
      { cause: error },
    );
  }
}

// Without its install script, which asks a host that closed networks do not reach for binaries.
function installScripts(build: string): void {
  const manifest = {
    private: true,
    dependencies: { '@tensorflow/tfjs-node': TFJS_VERSION, 'node-api-headers': '1.9.0' },
  };
  writeFileSync(join(build, 'package.json'), `${JSON.stringify(manifest)}\n`);
  runProgram(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'],
    build,
  );
}
