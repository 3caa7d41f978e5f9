import { ExpError, messageOf } from '../core/errors.ts';
import { processState } from '../core/process-state.ts';
import { brandOf } from '../core/brand.ts';
import { Rng } from '../random/rng.ts';

/**
 * Saves and restores values of classes that are not yours to change. What `encode` returns is saved in
 * place of the value, and may hold anything that a state may. It may be called more than once for one
 * save, so it must change nothing.
 */
export interface CheckpointCodec<T = unknown, Saved = unknown> {
  /** Stands in the file; a checkpoint is restored by the codec of the same name. */
  readonly name: string;
  matches(value: object): boolean;
  /** May be asynchronous. Then only what it returns is as it was a little before the rest. */
  encode(value: T): Saved | Promise<Saved>;
  /** Makes a new value. */
  decode(saved: Saved): T | Promise<T>;
  /** Brings a live value to what was saved; without it, restoring puts a new value in its place. */
  restore?(live: T, saved: Saved): void | Promise<void>;
}

/**
 * What a class implements so that its instances can be part of a state: `toCheckpoint` returns what is
 * to be saved, and `fromCheckpoint` of the live instance, given to restore, takes it back.
 */
export interface Checkpointed<Saved = unknown> {
  toCheckpoint(): Saved | Promise<Saved>;
  fromCheckpoint(saved: Saved): void | Promise<void>;
}

const codecs = processState('checkpoint-codecs', () => new Map<string, CheckpointCodec>());

/** Registers a codec for this process; a later one of the same name takes its place. */
export function registerCheckpointCodec<T, Saved>(codec: CheckpointCodec<T, Saved>): void {
  codecs.set(codec.name, codec);
}

/** The codec that a value is saved by. */
export function codecFor(value: object): CheckpointCodec | undefined {
  for (const codec of codecs.values()) if (codec.matches(value)) return codec;
  return undefined;
}

/**
 * The codec of a name in a file.
 * @throws {ExpError} EXP_CHECKPOINT
 */
export function codecNamed(name: string, path: string): CheckpointCodec {
  const codec = codecs.get(name);
  if (codec !== undefined) return codec;
  const where = name.startsWith('tf.')
    ? 'Import exptools/tfjs before.'
    : 'Register it with registerCheckpointCodec() before.';
  throw new ExpError(
    'EXP_CHECKPOINT',
    `${path} was saved by the codec "${name}", which is not registered. ${where}`,
  );
}

/** True for an object that can be saved by its own method. */
export function canSave(value: object): value is Pick<Checkpointed, 'toCheckpoint'> {
  return typeof (value as Partial<Checkpointed>).toCheckpoint === 'function';
}

/** True for a live object that takes back what it saved. */
export function canRestore(value: object): value is Pick<Checkpointed, 'fromCheckpoint'> {
  return typeof (value as Partial<Checkpointed>).fromCheckpoint === 'function';
}

/** Runs the user's code for the part of a state at a path. */
export function onBehalfOf<T>(path: string, doing: 'saved' | 'restored', work: () => T): T {
  const explain = (error: unknown): never => {
    const problem = messageOf(error);
    throw new ExpError('EXP_CHECKPOINT', `${path} cannot be ${doing}: ${problem}`, {
      cause: error,
    });
  };
  try {
    const result = work();
    return isThenable(result) ? (Promise.resolve(result).catch(explain) as T) : result;
  } catch (error) {
    return explain(error);
  }
}

/** True for what can be waited for. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

interface SavedRng {
  readonly seed: number;
  readonly state: readonly number[];
}

registerCheckpointCodec<Rng, SavedRng>({
  name: 'Rng',
  matches: (value) => brandOf(value.constructor) === 'Rng',
  encode: (rng) => ({ seed: rng.seed, state: rng.state() }),
  decode: ({ seed, state }) => {
    const rng = new Rng(seed);
    rng.restore(state);
    return rng;
  },
  restore: (rng, { state }) => rng.restore(state),
});
