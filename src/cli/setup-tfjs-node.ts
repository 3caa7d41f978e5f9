import { join, resolve } from 'node:path';
import { findProject } from '../project/find-project.ts';
import { buildNative } from '../tfjs/native/build.ts';
import { NATIVE_DIR, NATIVE_VARIABLE } from '../tfjs/native/place.ts';

/**
 * Builds the native engine of TensorFlow.js in `dir`, by default where `loadTf` looks for it in this
 * project.
 * @throws {ExpError} EXP_TFJS, EXP_FILE
 */
export function setUpTfjsNode(dir: string | undefined): void {
  const usual = join(findProject(process.cwd()).dir, NATIVE_DIR);
  const build = dir === undefined ? usual : resolve(dir);
  buildNative(build, say);
  if (build !== usual) say(`To use it: export ${NATIVE_VARIABLE}="${build}"`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
