import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Saver } from '../artifacts/saver.ts';
import { isPlainObject } from '../core/json.ts';
import { encodeCsv } from '../formats/csv.ts';
import { makeImage, type ImageSource } from '../media/image.ts';
import { isTypedArray } from '../media/numbers.ts';
import { makeTable, type TableSource } from '../media/table.ts';

/** Files that `run.save` makes of what the logger takes as media. */
export const MEDIA_SAVERS: readonly Saver[] = [
  {
    extension: '.csv',
    save(value, path) {
      const { columns, rows } = makeTable(basename(path), byRows(value));
      const cells = rows.map((row) => row.map((cell) => cell ?? undefined));
      return writeFile(path, encodeCsv([columns, ...cells]));
    },
  },
  {
    extension: '.png',
    save: (value, path) => writeFile(path, makeImage(basename(path), value as ImageSource).bytes),
  },
];

/** A table that is given by its columns, `{ loss: [1, 2], accuracy: [0, 1] }`, by its rows. */
function byRows(value: unknown): TableSource {
  if (!isPlainObject(value)) return value as TableSource;
  const lists = Object.values(value);
  const isByColumns =
    lists.length > 0 && lists.every((one) => Array.isArray(one) || isTypedArray(one));
  // Columns called so may hold just names: then they are names of columns.
  const isByRows = lists.length === 2 && 'columns' in value && 'rows' in value;
  if (!isByColumns || isByRows) return value as unknown as TableSource;
  const columns = Object.keys(value);
  const length = Math.max(...(lists as unknown[][]).map((list) => list.length));
  return {
    columns,
    rows: Array.from({ length }, (_, i) =>
      (lists as (readonly (number | string)[])[]).map((list) => list[i]),
    ),
  };
}
