import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import { ExpError } from '../core/errors.ts';
import { findPackage, type FoundPackage } from './find.ts';
import type { NativeTensorFlow } from './tensorflow.ts';

/**
 * Loads tfjs-node. Code that has @tensorflow/tfjs installed beside shares that copy with it, so that
 * tensors, models and callbacks of either are of one kind.
 * @throws {ExpError} EXP_TFJS if another version of @tensorflow/tfjs is loaded already.
 */
export function loadNative(native: FoundPackage, from: string): NativeTensorFlow {
  addWhatNodeLacks();
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'; // without it TensorFlow tells its life on stderr
  const require = createRequire(join(native.dir, 'package.json'));
  const own = findPackage('@tensorflow/tfjs', from);
  const its = findPackage('@tensorflow/tfjs', native.dir);
  if (own !== undefined && its !== undefined && own.dir !== its.dir) share(require, own, its);
  return require(native.dir) as NativeTensorFlow;
}

// tfjs-node 4.22 calls the first, which Node 23 took away, and the second, which Node 22 deprecates.
function addWhatNodeLacks(): void {
  const old = util as { isNullOrUndefined?: unknown; isArray?: unknown };
  old.isNullOrUndefined ??= (value: unknown) => value === undefined || value === null;
  if (Number.parseInt(process.versions.node, 10) >= 22) old.isArray = Array.isArray;
}

/** Makes tfjs-node find the user's copy where it looks for the one it came with. */
function share(require: NodeJS.Require, own: FoundPackage, its: FoundPackage): void {
  if (own.version !== its.version) {
    if (!Object.keys(require.cache).some((file) => file.startsWith(join(own.dir, 'dist')))) return;
    throw new ExpError(
      'EXP_TFJS',
      `@tensorflow/tfjs ${own.version} is loaded, and the native engine is for ${its.version}: ` +
        `one process cannot have both. Install @tensorflow/tfjs@${its.version}.`,
    );
  }
  // The engine is one for all copies, but each has its own classes, and adds its kernels again, with
  // a warning for each of the hundreds.
  const names = ['@tensorflow/tfjs', '@tensorflow/tfjs-core'];
  const ofOwn = createRequire(join(own.dir, 'package.json'));
  ofOwn(own.dir);
  for (const [i, name] of names.entries()) {
    const loaded = require.cache[ofOwn.resolve(i === 0 ? own.dir : name)];
    if (loaded !== undefined) require.cache[require.resolve(name)] ??= loaded;
  }
}
