import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  addonOf,
  findBuild,
  namedBuild,
  NATIVE_VARIABLE,
  packageIn,
  SETUP_COMMAND,
} from './native/place.ts';
import { platformProblem } from './native/requirements.ts';

/** A package on disk. */
export interface FoundPackage {
  readonly dir: string;
  readonly version: string;
}

/** Finds an installed package as code in `from` does, or else as this package does. */
export function findPackage(name: string, from: string): FoundPackage | undefined {
  for (const base of [join(from, 'index.js'), import.meta.url]) {
    try {
      const file = createRequire(base).resolve(`${name}/package.json`);
      const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
      return { dir: dirname(file), version };
    } catch {
      // not installed there
    }
  }
  return undefined;
}

/**
 * Finds the native engine for code in `from`: a build that the environment names, one that is
 * installed, or the nearest upward. Otherwise says why there is none, and what to do.
 */
export function findNative(from: string): FoundPackage | string {
  const named = namedBuild();
  const installed = findPackage('@tensorflow/tfjs-node', from);
  if (named === undefined && installed !== undefined && existsSync(addonOf(installed.dir)))
    return installed;
  const build = findBuild(from);
  if (build !== undefined) return findPackage(packageIn(build), build)!;
  if (named !== undefined) {
    return `${NATIVE_VARIABLE} names "${named}", and no finished build is there. ${setUp}`;
  }
  if (installed !== undefined) {
    return `It is installed in "${installed.dir}", but not its addon: its install script has not run. ${setUp}`;
  }
  return platformProblem() ?? `It is neither installed nor built. ${setUp}`;
}

const setUp = `Build it with: ${SETUP_COMMAND}`;
