import { execFileSync } from 'node:child_process';
import { TABLES_PYTHON } from '../setup/tool-paths.ts';

/** A column as a program reads it without being told anything: its type, and values as text. */
export interface ReadColumn {
  readonly type: string;
  readonly values: readonly (string | null)[];
}

// repr() of a float has all its digits, NaN and the infinities among them.
const COMMON = `
import json, sys, math
def text(x):
    if isinstance(x, float): return repr(x)
    return str(x)
`;

const PANDAS = `${COMMON}
import pandas
frame = pandas.read_csv(sys.argv[1])
out = {}
for name in frame.columns:
    column = frame[name]
    out[name] = {'type': str(column.dtype),
                 'values': [None if x is None else text(x) for x in column.tolist()]}
json.dump(out, sys.stdout)
`;

const DUCKDB = `${COMMON}
import duckdb
relation = duckdb.connect().execute('select * from read_csv(?)', [sys.argv[1]])
columns = [(d[0], str(d[1])) for d in relation.description]
rows = relation.fetchall()
out = {}
for i, (name, kind) in enumerate(columns):
    out[name] = {'type': kind, 'values': [None if r[i] is None else text(r[i]) for r in rows]}
json.dump(out, sys.stdout)
`;

/** Reads a CSV file with pandas, and nothing but its path. */
export function readWithPandas(file: string): Record<string, ReadColumn> {
  return read(PANDAS, file);
}

/** Reads a CSV file with DuckDB, and nothing but its path. */
export function readWithDuckdb(file: string): Record<string, ReadColumn> {
  return read(DUCKDB, file);
}

function read(program: string, file: string): Record<string, ReadColumn> {
  const output = execFileSync(TABLES_PYTHON, ['-c', program, file], { encoding: 'utf8' });
  return JSON.parse(output) as Record<string, ReadColumn>;
}
