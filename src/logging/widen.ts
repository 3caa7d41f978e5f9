import { createTemporary } from '../files/append-file.ts';
import { readChunks } from '../files/read-chunks.ts';
import { widenCsv } from '../formats/csv-columns.ts';
import { copyLateRows, lateRowsPath, type TooWide } from './late-rows.ts';

/** So few bytes of late rows are left to whoever takes the new file over. */
const REST = 1 << 18;

/** Asks for a copy of a CSV file with more columns. */
export interface Widening {
  readonly path: string;
  /** How many of its bytes count; the rows after them are among the late ones. */
  readonly size: number;
  /** Where the late rows to copy begin. */
  readonly late: number;
  readonly header: string;
  /** Columns of the copy. */
  readonly columns: number;
  /** How many of them are new. */
  readonly added: number;
}

export interface Widened {
  /** Late rows up to here are in the copy. */
  readonly late: number;
  readonly tooWide: TooWide | undefined;
}

/** Where the copy is made. */
export function copyPath(path: string): string {
  return `${path}.tmp`;
}

/**
 * Makes the copy, and brings late rows over until few are left. In constant memory, as long as
 * it takes: this is what a worker does. If it throws, there is no copy.
 * @param lateSize the bytes of late rows there are by now.
 * @param onProgress called for every part that is done.
 */
export function widen(
  task: Widening,
  lateSize: () => number,
  onProgress = (): void => {},
): Widened {
  const copy = createTemporary(copyPath(task.path));
  try {
    for (const part of widenCsv(readChunks(task.path, 0, task.size), task.header, task.added)) {
      copy.append(part);
      onProgress();
    }
    let { late } = task;
    let tooWide: TooWide | undefined;
    do {
      const to = lateSize();
      const found = copyLateRows(lateRowsPath(task.path), [late, to], copy, task.columns);
      tooWide ??= found;
      late = to;
      onProgress();
      copy.sync();
      onProgress();
    } while (lateSize() - late > REST);
    copy.close();
    return { late, tooWide };
  } catch (error) {
    copy.remove();
    throw error;
  }
}
