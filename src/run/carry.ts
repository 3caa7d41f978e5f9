import type { Carried } from '../core/carried.ts';
import { toJson } from '../core/json.ts';
import type { KeptRecords } from '../core/resume-point.ts';
import { tryCurrentScope } from '../scope/scope.ts';
import type { Run } from './run.ts';
import { globalsOf } from './seed-globals.ts';

/** What a run carries on by itself, taken between two rows, in the scope of the calling code. */
export function carriedBy(run: Run, kept: KeptRecords): Carried {
  const scope = tryCurrentScope();
  const globals = globalsOf(run);
  return {
    format: 1,
    rows: run.rows.state(),
    summary: { ...run.summary },
    kept,
    files: run.files.count,
    elapsed: run.rows.elapsed,
    ...(globals !== undefined && { globals: globals.state() }),
    scopes: scope?.run === run ? scope.states() : [],
    ...(run.result !== undefined && { result: toJson(run.result) }),
    ...(run.recorded !== undefined && { recorded: toJson(run.recorded) }),
    reads: run.reads,
  };
}

/** Takes over what {@link carriedBy} gave, in a later attempt. */
export function carryOn(run: Run, carried: Carried): void {
  const { rows, summary, globals, scopes, result, recorded, reads } = carried;
  run.rows.restore(rows);
  run.rows.goOn(rows.step, summary);
  if (globals !== undefined) globalsOf(run)?.restore(globals);
  const scope = tryCurrentScope();
  if (scope?.run === run) scope.restore(scopes);
  if (result !== undefined) run.result ??= result;
  if (recorded !== undefined) run.carryOnRecorded(recorded as Readonly<Record<string, unknown>>);
  for (const [key, readers] of Object.entries(reads)) {
    for (const reader of readers) run.noteRead(key, reader);
  }
}
