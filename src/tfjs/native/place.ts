import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What the native engine is built from. */
export const TFJS_VERSION = '4.22.0';
export const TENSORFLOW_VERSION = '2.15.1';

/** Set to a directory with a build, to use it wherever the code lies. */
export const NATIVE_VARIABLE = 'EXP_TFJS_NODE';

/** The command that makes a build. */
export const SETUP_COMMAND = 'npx run-exp setup-tfjs-node';

/** Where a project has its build, relative to its directory. */
export const NATIVE_DIR = '.cache/tfjs-node';

/** The package inside of a build. */
export function packageIn(build: string): string {
  return join(build, 'node_modules/@tensorflow/tfjs-node');
}

/** The addon of a tfjs-node package: Node-API only, so that one serves every Node. */
export function addonOf(packageDir: string): string {
  return join(packageDir, 'lib/napi-v8/tfjs_binding.node');
}

/** TensorFlow itself, which the addon is linked to. */
export function libraryOf(packageDir: string): string {
  return join(packageDir, 'deps/lib/libtensorflow_cc.so.2');
}

/** True for a build that was finished. */
export function isBuilt(build: string): boolean {
  const packageDir = packageIn(build);
  return existsSync(addonOf(packageDir)) && existsSync(libraryOf(packageDir));
}

/** The build that the environment names. */
export function namedBuild(): string | undefined {
  const named = process.env[NATIVE_VARIABLE];
  return named === '' ? undefined : named;
}

/** The build that serves code in `from`: the one the environment names, or the nearest upward. */
export function findBuild(from: string): string | undefined {
  const named = namedBuild();
  if (named !== undefined) return isBuilt(named) ? named : undefined;
  for (let dir = from; ; dir = dirname(dir)) {
    const build = join(dir, NATIVE_DIR);
    if (isBuilt(build)) return build;
    if (dirname(dir) === dir) return undefined;
  }
}
