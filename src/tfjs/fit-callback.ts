import { setImmediate } from 'node:timers/promises';
import type { Callback, LayersModel } from '@tensorflow/tfjs';
import { ExpError } from '../core/errors.ts';
import { logger as ubiquitous, type Logger } from '../logging/logger.ts';
import { tryCurrentScope } from '../scope/scope.ts';
import { loadedTf } from './load-tf.ts';
import type { TensorFlow } from './tensorflow.ts';

/** What of a training is logged, and where to. */
export interface TfCallbackOptions {
  /** Where the rows go: a bound child, say. By default to the run the training happens in. */
  readonly logger?: Logger;
  /**
   * Logs the metrics of every so many batches too, below `batch/`. Steps then count batches, also for
   * the rows of epochs; otherwise a step is an epoch, counted from 0.
   */
  readonly batches?: number;
  /** Logs histograms of all weights every so many epochs, below `weights/`. */
  readonly weights?: number;
  /** How many batches an epoch has: for a `fitDataset` that goes on at an `initialEpoch`. */
  readonly batchesPerEpoch?: number;
  /** Stops the training when it is aborted; that of the run unless given. */
  readonly signal?: AbortSignal;
  /** What the model was made with, unless that was loaded by `loadTf`. */
  readonly tf?: TensorFlow;
}

/** How long training may keep timers and signals waiting. */
const YIELD_MS = 100;

/** What tfjs passes on: numbers, and scalars that it disposes of later. */
type Logs = Readonly<Record<string, number | { data(): Promise<ArrayLike<number>> }>>;

/**
 * Logs a training: `model.fit(x, y, { callbacks: tfCallback() })`, and `fitDataset` too. The row of an
 * epoch has what it trained on below `train/`, and validation below `eval/`, under the prefix the
 * training runs in. When the run is to end, the training stops after its batch; an epoch that is cut
 * short has no row.
 * @throws {ExpError} EXP_TFJS without a loaded TensorFlow.js, or for an option that is no number.
 */
export function tfCallback(options: TfCallbackOptions = {}): Callback {
  const tf = options.tf ?? loadedTf();
  if (tf === undefined) {
    throw new ExpError(
      'EXP_TFJS',
      'tfCallback() knows no TensorFlow.js: load it with loadTf(), or pass it as { tf }.',
    );
  }
  for (const name of ['batches', 'weights', 'batchesPerEpoch'] as const) {
    const value = options[name];
    if (value === undefined || (Number.isInteger(value) && value > 0)) continue;
    throw new ExpError(
      'EXP_TFJS',
      `tfCallback() takes a whole number above 0 as ${name}, got ${value}.`,
    );
  }
  const training = new Training(options);
  // It must descend from a class of this very copy of tfjs, or fit() takes it for a set of options.
  class RunCallback extends tf.Callback {
    override async onTrainBegin(): Promise<void> {
      training.begin(this.model, this.params);
    }
    override async onEpochBegin(epoch: number): Promise<void> {
      training.beginEpoch(epoch);
    }
    override async onBatchEnd(_batch: number, logs?: unknown): Promise<void> {
      await training.endBatch(logs as Logs);
    }
    override async onEpochEnd(epoch: number, logs?: unknown): Promise<void> {
      await training.endEpoch(epoch, logs as Logs);
    }
  }
  return new RunCallback();
}

/** Keeps count of one training. */
class Training {
  readonly #options: TfCallbackOptions;
  readonly #logger: Logger;
  #model!: LayersModel;
  #signal: AbortSignal | undefined;
  #batchesPerEpoch: number | undefined;
  /** Batches of all epochs so far, those before a resumed training included. */
  #batches: number | undefined;
  #batchInEpoch = 0;
  /** True once an epoch was stopped on its way. */
  #isCut = false;
  #yieldedAt = 0;

  constructor(options: TfCallbackOptions) {
    this.#options = options;
    this.#logger = options.logger ?? ubiquitous;
  }

  begin(
    model: LayersModel,
    { samples, batchSize, steps }: Readonly<Record<string, unknown>>,
  ): void {
    this.#model = model;
    this.#signal = this.#options.signal ?? tryCurrentScope()?.run.signal;
    this.#batchesPerEpoch =
      this.#options.batchesPerEpoch ??
      (typeof steps === 'number' ? steps : undefined) ??
      (typeof samples === 'number' ? Math.ceil(samples / (batchSize as number)) : undefined);
    this.#batches = undefined;
    this.#isCut = false;
    this.#yieldedAt = performance.now();
  }

  beginEpoch(epoch: number): void {
    this.#batchInEpoch = 0;
    if (this.#options.batches === undefined || this.#batches !== undefined) return;
    if (epoch > 0 && this.#batchesPerEpoch === undefined) {
      throw new ExpError(
        'EXP_TFJS',
        `The training goes on at epoch ${epoch}, and its dataset does not say how many batches came ` +
          'before. Pass batchesPerEpoch to tfCallback().',
      );
    }
    this.#batches = epoch * (this.#batchesPerEpoch ?? 0);
  }

  async endBatch(logs: Logs): Promise<void> {
    this.#batchInEpoch++;
    const { batches } = this.#options;
    if (batches !== undefined) {
      const step = this.#batches!++;
      if (step % batches === 0) this.#logger.log(await metricsOf(logs, () => 'batch/'), { step });
    }
    await this.#yield();
    if (this.#signal?.aborted !== true) return;
    this.#model.stopTraining = true;
    this.#isCut = this.#batchInEpoch !== this.#batchesPerEpoch;
  }

  async endEpoch(epoch: number, logs: Logs): Promise<void> {
    if (this.#isCut) return;
    this.#batchesPerEpoch ??= this.#batchInEpoch;
    const step = this.#batches === undefined ? epoch : Math.max(this.#batches - 1, 0);
    const metrics = await metricsOf(logs, (name) => (name.startsWith('val_') ? 'eval/' : 'train/'));
    this.#logger.log(this.#batches === undefined ? metrics : { epoch, ...metrics }, { step });
    this.#showWeights(epoch, step);
    if (this.#signal?.aborted === true) this.#model.stopTraining = true;
  }

  #showWeights(epoch: number, step: number): void {
    const { weights } = this.#options;
    if (weights === undefined || epoch % weights !== 0) return;
    for (const weight of this.#model.weights) {
      this.#logger.histogram(`weights/${weight.name}`, weight.read(), { step });
    }
  }

  /** Lets signals and timers have their turn: tfjs itself only does where it gets no callback object. */
  async #yield(): Promise<void> {
    if (performance.now() - this.#yieldedAt < YIELD_MS) return;
    await setImmediate();
    this.#yieldedAt = performance.now();
  }
}

async function metricsOf(
  logs: Logs,
  prefixOf: (name: string) => string,
): Promise<Record<string, number>> {
  const metrics: Record<string, number> = {};
  const named = Object.entries(logs).filter(([name]) => name !== 'batch' && name !== 'size');
  // tfjs has validation first in epochs, where it comes last
  named.sort(([a], [b]) => Number(a.startsWith('val_')) - Number(b.startsWith('val_')));
  for (const [name, value] of named) {
    metrics[`${prefixOf(name)}${name.replace(/^val_/, '')}`] =
      typeof value === 'number' ? value : (await value.data())[0]!;
  }
  return metrics;
}
