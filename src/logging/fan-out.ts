import { ExpError, messageOf } from '../core/errors.ts';
import { LONGEST_TIMEOUT_MS } from '../core/longest-timeout.ts';
import type { MediaRecord } from '../core/media.ts';
import type { Row } from '../core/record.ts';
import type { KeptRecords } from '../core/resume-point.ts';
import type { RunEnding, Sink, SinkRun } from '../core/sink.ts';
import type { Channel, Degraded } from './channel.ts';
import { FileChannel } from './file-channel.ts';
import { visibleTo } from './key-rules.ts';
import { StreamChannel } from './stream-channel.ts';

/** The longest rows wait while the code logs or yields, in seconds, unless a run says otherwise. */
export const FLUSH_INTERVAL = 1;
const MAX_VALUES = 2_048;
/** Rows with a new tag wait for this part of the interval: a CSV may have to be rewritten for them. */
const NEW_TAG_SHARE = 0.1;

export interface FanOutOptions {
  /** In seconds; 0 hands over every row at once. Default {@link FLUSH_INTERVAL}. */
  readonly flushInterval?: number;
  /** For a run that goes on: how many records of each sink stand. */
  readonly kept?: KeptRecords | 'all';
  /** Called after every flush. */
  readonly onFlush?: () => void;
}

/**
 * Buffers the rows of one run and hands them to every sink in batches: at 2 048 values, or when the
 * last batch is older than the flush interval, so that a loop with slow steps has each row written at
 * once. The age is looked at whenever a row comes, since no timer fires in a loop that never yields.
 */
export class FanOut {
  readonly #channels: readonly Channel[];
  #rows: Row[] = [];
  #values = 0;
  #flushedAt: number;
  #hasFlushed = false;
  #isUrgent = false;
  #timer: NodeJS.Timeout | undefined;

  readonly #intervalMs: number;
  readonly #onFlush: () => void;

  /** Opens every sink. @throws {ExpError} EXP_SINK if one cannot open. */
  constructor(sinks: readonly Sink[], run: SinkRun, options: FanOutOptions = {}) {
    const { kept = {} } = options;
    this.#channels = sinks.map((sink) => openChannel(sink, runFor(sink, run, kept)));
    const interval = options.flushInterval ?? FLUSH_INTERVAL;
    this.#intervalMs = Math.min(interval * 1000, LONGEST_TIMEOUT_MS);
    this.#onFlush = options.onFlush ?? (() => {});
    this.#flushedAt = run.startedAt;
  }

  /** The names of the sinks. */
  get sinks(): readonly string[] {
    return this.#channels.map(({ sink }) => sink);
  }

  /** @param hasNewTag true if no row before had one of its tags. */
  push(row: Row, hasNewTag = false): void {
    this.#rows.push(row);
    this.#values += row.tags.length;
    // The tags of the first batch are all new, and no file has to be rewritten for them.
    if (hasNewTag && this.#hasFlushed && !this.#isUrgent) {
      this.#isUrgent = true;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    const waitMs = this.#isUrgent ? this.#intervalMs * NEW_TAG_SHARE : this.#intervalMs;
    const sinceFlush = row.wallTime - this.#flushedAt;
    if (this.#values >= MAX_VALUES || sinceFlush * 1000 >= waitMs) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), waitMs).unref();
  }

  /** Hands media to the sinks at once, after all rows that came before. */
  pushMedia(record: MediaRecord): void {
    this.#offerRows();
    for (const channel of this.#channels) channel.offer(record);
    this.#onFlush();
  }

  /** Hands everything to the sinks, synchronously. */
  flush(): void {
    if (this.#offerRows()) this.#onFlush();
  }

  /** Waits for what sinks do in the background, so that {@link records} knows of all. */
  async prepare(): Promise<void> {
    this.flush();
    await Promise.all(this.#channels.map((channel) => channel.prepare()));
  }

  /**
   * Hands everything to the sinks and counts what stands in each, for a checkpoint that is taken now;
   * those that cannot say are left out. It outlives a loss of power.
   */
  records(): KeptRecords {
    this.flush();
    const counted = this.#channels.flatMap((channel) => {
      const { sink, records } = channel;
      if (records === undefined) return [];
      channel.sync();
      return [[sink, records] as const];
    });
    return Object.fromEntries(counted);
  }

  /** False if there are none. */
  #offerRows(): boolean {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#rows.length === 0) return false;
    const batch = this.#rows;
    this.#rows = [];
    this.#values = 0;
    this.#flushedAt = batch.at(-1)!.wallTime;
    this.#hasFlushed = true;
    this.#isUrgent = false;
    for (const channel of this.#channels) channel.offer(visibleTo(channel.sink, batch));
    return true;
  }

  /** Flushes without waiting for anyone, for a process that is about to end. */
  closeNow(ending: RunEnding): void {
    for (const channel of this.#channels) channel.hurry();
    this.flush();
    for (const channel of this.#channels) channel.closeNow(ending);
  }

  /** Flushes, then closes every sink, each on its own. Never rejects. */
  async close(ending: RunEnding): Promise<void> {
    this.flush();
    await Promise.all(this.#channels.map((channel) => channel.close(ending)));
  }

  /** Ends a {@link close} under way without waiting for it. */
  cutShort(): void {
    for (const channel of this.#channels) channel.cutShort();
  }

  get degraded(): readonly Degraded[] {
    return this.#channels.flatMap((channel) => channel.degraded ?? []);
  }
}

function runFor({ name }: Sink, run: SinkRun, records: KeptRecords | 'all'): SinkRun {
  if (run.resumedAt === undefined) return run;
  const kept = records === 'all' ? Number.MAX_SAFE_INTEGER : records[name];
  return kept === undefined ? run : { ...run, kept };
}

function openChannel(sink: Sink, run: SinkRun): Channel {
  try {
    const output = sink.open(run);
    return 'file' in output
      ? new FileChannel(sink.name, output, run)
      : new StreamChannel(sink.name, output);
  } catch (error) {
    throw new ExpError(
      'EXP_SINK',
      `The ${sink.name} sink cannot open: ${messageOf(error)}. Mend it or leave it out with --sinks.`,
      { cause: error },
    );
  }
}
