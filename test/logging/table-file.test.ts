import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, vi } from 'vitest';
import { AppendFile } from '../../src/files/append-file.ts';
import { encodeCsv } from '../../src/formats/csv.ts';
import { TableFile } from '../../src/logging/table-file.ts';
import { testOnDisk } from '../helpers/small-disk.ts';
import { test } from '../helpers/temp-dir.ts';

/** More than what is rewritten at once. */
const LARGE = 1.2 * 2 ** 20;

/** A table as a sink would encode it, and what has to come out in the end. */
class Table {
  readonly path: string;
  readonly file: TableFile;
  readonly #columns: string[] = ['step'];
  readonly #rows: string[][] = [];

  constructor(dir: string) {
    this.path = join(dir, 'table.csv');
    const file = new AppendFile(this.path);
    file.append('step\n');
    this.file = new TableFile(file, () => this.file.advance());
  }

  /** Appends a row with these cells by column; unknown columns are new. */
  add(cells: Readonly<Record<string, string>>): void {
    const added = Object.keys(cells).filter((name) => !this.#columns.includes(name));
    this.#columns.push(...added);
    const row = this.#columns.map((name) => cells[name] ?? '');
    const widen = { header: encodeCsv([this.#columns]), added: added.length };
    this.file.append({ append: encodeCsv([row]), ...(added.length > 0 && { widen }) }, 1);
    this.#rows.push(row);
    this.file.advance();
  }

  fill(size = LARGE): void {
    const cell = 'x, "y"\n'.repeat(1000);
    for (let step = 0; statSync(this.path).size < size; step++) this.add({ step: `${step}`, cell });
  }

  get text(): string {
    return readFileSync(this.path, 'utf8');
  }

  /** With the first `count` columns. */
  expected(count = this.#columns.length): string {
    const wide = this.#rows.map((row) => this.#columns.map((_, i) => row[i] ?? ''));
    return encodeCsv([this.#columns, ...wide].map((row) => row.slice(0, count)));
  }
}

function filesOf(table: Table): string[] {
  return readdirSync(join(table.path, '..')).sort();
}

describe('a small table', () => {
  test('has a new column at once', ({ dir }) => {
    const table = new Table(dir);
    table.add({ step: '0', a: '1' });
    table.add({ step: '1', b: 'x,\ny' });

    expect(table.text).toBe('step,a,b\n0,1,\n1,,"x,\ny"\n');
    expect(filesOf(table)).toEqual(['table.csv']);
    table.file.close();
  });
});

describe('a large table', () => {
  test('has every row at once, and the new column when the worker is done', async ({ dir }) => {
    const table = new Table(dir);
    table.fill();

    table.add({ step: '1', late: 'a' });
    table.add({ step: '2', cell: 'b', late: 'c' });
    const meanwhile = table.text === table.expected(2);
    await vi.waitFor(() => expect(table.text === table.expected()).toBe(true), { timeout: 20_000 });

    expect(meanwhile).toBe(true);
    expect(filesOf(table)).toEqual(['table.csv']);
    table.add({ step: '3', cell: 'd' });
    expect(table.text === table.expected()).toBe(true);
    table.file.close();
  });

  test('has the new column in a loop that never yields', ({ dir }) => {
    const table = new Table(dir);
    table.fill();
    const { ino } = statSync(table.path);

    table.add({ step: '1', late: 'a' });
    const deadline = Date.now() + 20_000;
    while (statSync(table.path).ino === ino && Date.now() < deadline) {
      table.add({ step: '2', late: 'b' });
    }

    expect(table.text === table.expected()).toBe(true);
    expect(filesOf(table)).toEqual(['table.csv']);
    table.file.close();
  });

  test('takes further new columns while one is on its way', ({ dir }) => {
    const table = new Table(dir);
    table.fill();

    for (let i = 0; i < 300; i++) table.add({ step: `${i}`, [`late ${i % 30}`]: `value ${i}` });
    table.file.settleNow();

    expect(table.text === table.expected()).toBe(true);
    expect(filesOf(table)).toEqual(['table.csv']);
    table.file.close();
  });

  test('is whole when it is settled, with or without waiting for others', async ({ dir }) => {
    const table = new Table(dir);
    table.fill();

    table.add({ step: '1', late: 'a' });
    await table.file.settle();
    expect(table.text === table.expected()).toBe(true);
    table.add({ step: '2', later: 'b' });
    table.file.settleNow();
    expect(table.text === table.expected()).toBe(true);
    table.file.close();
  });

  test('comes to the same, whatever comes when', async ({ dir }) => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ column: fc.nat({ max: 9 }), rows: fc.nat({ max: 20 }) }),
      },
      fc.constantFrom('yield', 'settle'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        const table = new Table(mkdtempSync(join(dir, 'table-')));
        table.fill();
        for (const one of steps) {
          if (one === 'yield') await new Promise((resolve) => setImmediate(resolve));
          else if (one === 'settle') await table.file.settle();
          else {
            for (let i = 0; i < one.rows; i++)
              table.add({ step: '1', [`c${one.column}`]: `"${i}` });
          }
        }
        table.file.settleNow();
        expect(table.text === table.expected()).toBe(true);
        table.file.close();
      }),
      { numRuns: 10 },
    );
  });

  test('does without a worker where none may start', ({ dir }) => {
    const table = new Table(dir);
    table.fill();
    table.file.stayInForeground();

    table.add({ step: '1', late: 'a' });

    expect(table.text === table.expected()).toBe(true);
    table.file.close();
  });

  test('removes what a crash left of an earlier attempt', ({ dir }) => {
    const path = join(dir, 'table.csv');
    for (const suffix of ['.tmp', '.late.tmp']) new AppendFile(path + suffix).close();

    const table = new Table(dir);

    expect(filesOf(table)).toEqual(['table.csv']);
    table.file.close();
  });
});

describe('a large table on a full disk', () => {
  testOnDisk('3m')(
    'keeps all but the new cells, and says what keeps it from them',
    async ({ disk }) => {
      const table = new Table(disk);
      table.fill();
      const ballast = new AppendFile(join(disk, 'ballast'));
      ballast.append(Buffer.alloc(1 << 20));

      table.add({ step: '1', late: 'a' });
      await expect(table.file.settle()).rejects.toThrow('ENOSPC');

      expect(table.text === table.expected(2)).toBe(true);
      expect(table.file.lateRows).toBe(1);
      ballast.remove();
      table.file.settleNow();
      expect(table.text === table.expected()).toBe(true);
      table.file.close();
      expect(existsSync(`${table.path}.tmp`)).toBe(false);
    },
  );
});
