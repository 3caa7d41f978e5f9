import { rmSync } from 'node:fs';
import type { Encoded } from '../core/sink.ts';
import { AppendFile } from '../files/append-file.ts';
import { resizeRecords, widenCsv } from '../formats/csv-columns.ts';
import { copyLateRows, LateRows, lateRowsPath } from './late-rows.ts';
import { WidenJob } from './widen-job.ts';
import { copyPath, widen, type Widened, type Widening } from './widen.ts';

/** Files below this size get new columns at once: it takes about as long as a flush. */
const AT_ONCE_BYTES = 1 << 20;
const RETRY_MS = 5_000;

/**
 * A file that grows, and may get new columns if it is a CSV. A small one is rewritten at once. For a
 * large one a worker makes the copy that takes its place, while the file goes on with the columns
 * it has: every row is in it at once, and only cells of new columns wait, in {@link LateRows}.
 */
export class TableFile {
  #file: AppendFile;
  #onDone: () => void;
  /** Columns of the file, and of the rows that come in; only their difference has a meaning. */
  #columns = 0;
  #widest = 0;
  #header = '';
  #late: LateRows | undefined;
  /** Up to where the file is whole, and where the rows after that begin among the late ones. */
  #whole = { size: 0, late: 0 };
  #job: WidenJob | undefined;
  #inBackground = true;
  #retryAt = 0;
  #error: unknown;

  /** @param onDone called when a worker has ended, if the code yields. */
  constructor(file: AppendFile, onDone: () => void) {
    this.#file = file;
    this.#onDone = onDone;
    for (const path of [copyPath(file.path), lateRowsPath(file.path)])
      rmSync(path, { force: true });
  }

  /** How many rows may miss cells in the file. */
  get lateRows(): number {
    return this.#late?.count ?? 0;
  }

  /** Appends rows, all or none; with new columns, if they have any. */
  append({ append, widen: wider }: Encoded, rows: number): void {
    if (this.#late === undefined) {
      if (wider === undefined) return this.#file.append(append);
      const { header, added } = wider;
      if (!this.#inBackground || this.#file.size < AT_ONCE_BYTES) {
        return this.#file.rewrite((earlier) => widenCsv(earlier, header, added), append);
      }
      this.#late = new LateRows(this.#file.path);
      this.#whole = { size: this.#file.size, late: 0 };
    }
    this.#appendLate(Buffer.from(append), this.#widest + (wider?.added ?? 0));
    this.#late.count += rows;
    if (wider !== undefined) {
      this.#widest += wider.added;
      this.#header = wider.header;
    }
  }

  /** Sees to the new columns as far as that takes no time. Never throws. */
  advance(): void {
    if (this.#late === undefined || this.#job?.isRunning === true) return;
    try {
      if (this.#job !== undefined) this.#takeOver(this.#job);
      else if (performance.now() >= this.#retryAt) this.#begin();
    } catch (error) {
      this.#error = error;
      this.#retryAt = performance.now() + RETRY_MS;
    }
  }

  /** No more workers: the process has no time left for one to start. */
  stayInForeground(): void {
    this.#inBackground = false;
  }

  /** Waits until the cells that came up to now are in the file, or it is clear what keeps them out. */
  async catchUp(): Promise<void> {
    this.#retryAt = 0;
    this.advance();
    const job = this.#job;
    await job?.settled();
    // Those that came while it worked need one more.
    this.advance();
    if (this.#job !== undefined && this.#job !== job) await this.#job.settled();
    this.advance();
  }

  /** Waits until what was written outlives a loss of power. */
  sync(): void {
    this.#file.sync();
  }

  /** Waits until all cells are in the file. @throws what keeps them from it. */
  async settle(): Promise<void> {
    while (this.#job !== undefined) {
      await this.#job.settled();
      this.advance();
    }
    this.settleNow();
  }

  /** As {@link settle}, without letting other code go on. */
  settleNow(): void {
    this.stayInForeground();
    this.#retryAt = 0;
    this.#error = undefined;
    while (this.#late !== undefined && this.#error === undefined) {
      this.#job?.waitNow();
      this.advance();
    }
    if (this.#error !== undefined) throw this.#error;
  }

  close(): void {
    this.#job?.abandon();
    if (this.#job !== undefined) rmSync(copyPath(this.#file.path), { force: true });
    this.#dropLate();
    this.#file.close();
  }

  /** Both files or none get the rows. */
  #appendLate(records: Uint8Array, columns: number): void {
    const late = this.#late!;
    const { size } = late;
    try {
      late.append(columns, records);
      this.#file.append(resizeRecords(records, this.#columns - columns));
    } catch (error) {
      if (size === 0) this.#dropLate();
      else late.cutTo(size);
      throw error;
    }
    this.#job?.noteLate(late.size);
  }

  #begin(): void {
    const { path } = this.#file;
    const task: Widening = {
      path,
      ...this.#whole,
      header: this.#header,
      columns: this.#widest,
      added: this.#widest - this.#columns,
    };
    const { size } = this.#late!;
    this.#job = this.#inBackground ? startJob(task, size) : undefined;
    if (this.#job !== undefined) {
      void this.#job.gone.then(this.#onDone);
      return;
    }
    this.#inBackground = false;
    const widened = widen(task, () => size);
    this.#replace(task.columns, widened);
  }

  #takeOver(job: WidenJob): void {
    this.#job = undefined;
    if (job.hasCrashed) this.#inBackground = false;
    this.#replace(job.columns, job.result);
    if (this.#late !== undefined) this.#begin();
  }

  /** Puts the copy in the place of the file. If it throws, the file stands. */
  #replace(columns: number, { late, tooWide }: Widened): void {
    const { path } = this.#file;
    const copy = new AppendFile(copyPath(path), 'open');
    let rest;
    try {
      rest = copyLateRows(lateRowsPath(path), [late, this.#late!.size], copy, columns);
      copy.moveTo(path);
    } catch (error) {
      copy.remove();
      throw error;
    }
    this.#file.discard();
    this.#file = copy;
    this.#columns = columns;
    const first = tooWide ?? rest;
    if (first === undefined) this.#dropLate();
    else this.#whole = { size: first.at, late: first.late };
  }

  #dropLate(): void {
    this.#late?.remove();
    this.#late = undefined;
  }
}

/** Nothing where no worker may be started. */
function startJob(task: Widening, lateSize: number): WidenJob | undefined {
  try {
    return new WidenJob(task, lateSize);
  } catch {
    return undefined;
  }
}
