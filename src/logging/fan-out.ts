import { ExpError, messageOf } from '../core/errors.ts';
import type { MediaRecord } from '../core/media.ts';
import type { Row } from '../core/record.ts';
import type { RunEnding, Sink, SinkRun } from '../core/sink.ts';
import type { Channel, Degraded } from './channel.ts';
import { FileChannel } from './file-channel.ts';
import { visibleTo } from './key-rules.ts';
import { StreamChannel } from './stream-channel.ts';

/** The longest rows wait while the code logs or yields. */
export const FLUSH_INTERVAL_MS = 1_000;
const MAX_VALUES = 2_048;

/**
 * Buffers the rows of one run and hands them to every sink in batches: at 2 048 values, or when the
 * last batch is {@link FLUSH_INTERVAL_MS} old, so that a loop with slow steps has each row written at
 * once. The age is looked at whenever a row comes, since no timer fires in a loop that never yields.
 */
export class FanOut {
  readonly #channels: readonly Channel[];
  #rows: Row[] = [];
  #values = 0;
  #flushedAt: number;
  #timer: NodeJS.Timeout | undefined;

  readonly #onFlush: () => void;

  /** Opens every sink. @throws {ExpError} EXP_SINK if one cannot open. */
  constructor(sinks: readonly Sink[], run: SinkRun, onFlush: () => void = () => {}) {
    this.#channels = sinks.map((sink) => openChannel(sink, run));
    this.#onFlush = onFlush;
    this.#flushedAt = run.startedAt;
  }

  push(row: Row): void {
    this.#rows.push(row);
    this.#values += row.tags.length;
    const sinceFlush = row.wallTime - this.#flushedAt;
    if (this.#values >= MAX_VALUES || sinceFlush * 1000 >= FLUSH_INTERVAL_MS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), FLUSH_INTERVAL_MS).unref();
  }

  /** Hands media to the sinks at once, after all rows that came before. */
  pushMedia(record: MediaRecord): void {
    this.flush();
    for (const channel of this.#channels) channel.offer(record);
    this.#onFlush();
  }

  /** Hands everything to the sinks, synchronously. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#rows.length === 0) return;
    const batch = this.#rows;
    this.#rows = [];
    this.#values = 0;
    this.#flushedAt = batch.at(-1)!.wallTime;
    for (const channel of this.#channels) channel.offer(visibleTo(channel.sink, batch));
    this.#onFlush();
  }

  /** Flushes without waiting for anyone, for a process that is about to end. */
  closeNow(ending: RunEnding): void {
    this.flush();
    for (const channel of this.#channels) channel.closeNow(ending);
  }

  /** Flushes, then closes every sink, each on its own. Never rejects. */
  async close(ending: RunEnding): Promise<void> {
    this.flush();
    await Promise.all(this.#channels.map((channel) => channel.close(ending)));
  }

  get degraded(): readonly Degraded[] {
    return this.#channels.flatMap((channel) => channel.degraded ?? []);
  }
}

function openChannel(sink: Sink, run: SinkRun): Channel {
  try {
    const output = sink.open(run);
    return 'file' in output
      ? new FileChannel(sink.name, output, run.dir)
      : new StreamChannel(sink.name, output);
  } catch (error) {
    throw new ExpError(
      'EXP_SINK',
      `The ${sink.name} sink cannot open: ${messageOf(error)}. Mend it or leave it out with --sinks.`,
      { cause: error },
    );
  }
}
