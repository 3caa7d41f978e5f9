import { existsSync } from 'node:fs';
import { dirname, join, parse, resolve } from 'node:path';
import { ExpError } from '../core/errors.ts';
import { PROJECT_FILES } from '../core/layout.ts';
import { userPlace } from '../core/place.ts';

/** Where a project lies. */
export interface ProjectPlace {
  /** The directory of the project file or, without one, of the nearest package.json. */
  readonly dir: string;
  /** Absolute path of the project file. */
  readonly file?: string;
}

/**
 * Finds the project around a directory: the nearest project file upward or, without any, the
 * directory of the nearest package.json, else `from` itself. An installed package belongs to the
 * project that installed it.
 * @throws {ExpError} EXP_CONFIG if a directory has two project files.
 */
export function findProject(from: string): ProjectPlace {
  const start = outsideOfPackages(resolve(from));
  let nearestPackage: string | undefined;
  for (let dir = start; ; dir = dirname(dir)) {
    const [file, other] = PROJECT_FILES.map((name) => join(dir, name)).filter(existsSync);
    if (other !== undefined) {
      throw new ExpError(
        'EXP_CONFIG',
        `A project has one project file, and here are two: "${file}" and "${other}". Remove one.`,
      );
    }
    if (file !== undefined) return { dir, file };
    if (nearestPackage === undefined && existsSync(join(dir, 'package.json'))) nearestPackage = dir;
    if (dirname(dir) === dir) return { dir: nearestPackage ?? start };
  }
}

/**
 * The directory to look for a project from, for a call stack: that of the user's innermost file, or
 * the current one where no file of the user's has a part in it.
 */
export function directoryOf(stack: string | undefined): string {
  const file = userPlace(stack)?.file;
  // A source map may name the file of another machine.
  return file !== undefined && existsSync(dirname(file)) ? dirname(file) : process.cwd();
}

function outsideOfPackages(dir: string): string {
  const at = dir.search(/[\\/]node_modules([\\/]|$)/);
  return at < 0 ? dir : dir.slice(0, at) || parse(dir).root;
}
