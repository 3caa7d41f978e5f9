import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ExpError, messageOf, suggest } from '../core/errors.ts';
import { processState } from '../core/process-state.ts';
import { warnOnce } from '../logging/text.ts';
import { directoryOf } from '../project/find-project.ts';
import { noteBackend } from '../run/backend.ts';
import { findNative, findPackage, type FoundPackage } from './find.ts';
import { loadNative } from './load-native.ts';
import { namedBuild } from './native/place.ts';
import type { NativeTensorFlow, TensorFlow } from './tensorflow.ts';

/** `node` is @tensorflow/tfjs-node, the native engine; `js` is @tensorflow/tfjs, everywhere at home. */
export type TfBackend = 'node' | 'js';

const BACKENDS: readonly TfBackend[] = ['node', 'js'];

/** Chooses the back end where the code does not: `EXP_TFJS=js npx run-exp main.ts`. */
const BACKEND_VARIABLE = 'EXP_TFJS';

/** Which TensorFlow.js is loaded. */
export interface LoadTfOptions {
  /** By default the one that the variable `EXP_TFJS` names or else `node`, where it is there. */
  readonly backend?: TfBackend;
}

const loaded = processState('tfjs', (): { tf?: TensorFlow } => ({}));

/**
 * Loads TensorFlow.js: the native engine where it is there, several times as fast, and the one in
 * JavaScript elsewhere. The manifests of the runs of this process name which it was, with versions. A
 * process has one back end for all its code; a later call may change it.
 * @throws {ExpError} EXP_TFJS if the back end asked for, or any, is not there, with what to do.
 */
export function loadTf(options: { readonly backend: 'node' }): Promise<NativeTensorFlow>;
export function loadTf(options?: LoadTfOptions): Promise<TensorFlow>;
export async function loadTf(options: LoadTfOptions = {}): Promise<TensorFlow> {
  const from = directoryOf(new Error().stack);
  const asked = options.backend ?? fromEnvironment();
  const native = asked === 'js' ? undefined : tryNative(from, asked === 'node');
  const tf = native ?? loadPure(from);
  await useBackend(tf, native === undefined ? 'cpu' : 'tensorflow');
  loaded.tf = tf;
  return tf;
}

/** What {@link loadTf} has loaded in this process. */
export function loadedTf(): TensorFlow | undefined {
  return loaded.tf;
}

/**
 * The TensorFlow.js that the values of this process are made with: the one that {@link loadTf} has
 * loaded, or else the one that the code has imported itself.
 * @throws {ExpError} EXP_TFJS if there is none.
 */
export function tfInUse(): TensorFlow {
  return loaded.tf ?? loadPure(dirname(process.argv[1] ?? process.cwd()));
}

function fromEnvironment(): TfBackend | undefined {
  const name = process.env[BACKEND_VARIABLE];
  if (name === undefined || name === '') return undefined;
  const backend = BACKENDS.find((known) => known === name);
  if (backend !== undefined) return backend;
  throw new ExpError(
    'EXP_TFJS',
    `${BACKEND_VARIABLE} names no back end: "${name}". ${suggest(name, BACKENDS)}`,
  );
}

function tryNative(from: string, isAsked: boolean): NativeTensorFlow | undefined {
  const found = findNative(from);
  if (typeof found === 'string') {
    // A place that the user has named must not be passed over in silence.
    if (!isAsked && namedBuild() === undefined) return undefined;
    throw new ExpError('EXP_TFJS', `@tensorflow/tfjs-node is not there. ${found}`);
  }
  try {
    return loadNative(found, from);
  } catch (error) {
    const problem = `@tensorflow/tfjs-node in "${found.dir}" cannot be loaded: ${messageOf(error)}`;
    if (isAsked) throw new ExpError('EXP_TFJS', problem, { cause: error });
    warnOnce(`${problem}\nGoing on with @tensorflow/tfjs, which is slower.`);
    return undefined;
  }
}

function loadPure(from: string): TensorFlow {
  const found = findPackage('@tensorflow/tfjs', from) ?? besideNative(from);
  if (found === undefined) {
    throw new ExpError(
      'EXP_TFJS',
      'TensorFlow.js is not installed. Install it with: npm install @tensorflow/tfjs',
    );
  }
  return createRequire(join(found.dir, 'package.json'))(found.dir) as TensorFlow;
}

/** The copy that a native engine came with. */
function besideNative(from: string): FoundPackage | undefined {
  const native = findNative(from);
  return typeof native === 'string' ? undefined : findPackage('@tensorflow/tfjs', native.dir);
}

async function useBackend(tf: TensorFlow, name: 'cpu' | 'tensorflow'): Promise<void> {
  await tf.setBackend(name);
  await tf.ready();
  if (name === 'cpu') quieten(tf);
  const { tfjs, 'tfjs-node': native } = tf.version as Record<string, string>;
  if (name === 'cpu') return noteBackend('tfjs', { tfjs: tfjs! });
  const engine = tf.backend() as unknown as { binding?: { TF_Version?: string } };
  noteBackend('tfjs-node', {
    tfjs: tfjs!,
    'tfjs-node': native!,
    tensorflow: engine.binding?.TF_Version ?? 'unknown',
  });
}

// The first tensor prints an advertisement of the native engine, except in production.
function quieten(tf: TensorFlow): void {
  const env = tf.env();
  const before = env.getBool('PROD');
  env.set('PROD', true);
  tf.tidy(() => void tf.scalar(0).dataSync());
  env.set('PROD', before);
}
