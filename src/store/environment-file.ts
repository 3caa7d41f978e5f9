import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentRecord } from '../core/environment.ts';
import { jsonText } from '../core/json.ts';
import { attemptDir, RUN_FILES } from '../core/layout.ts';
import { writeAtomically } from '../files/atomic-write.ts';

/** Writes `environment.json` of a run; that of the attempt before, if it is there, is kept with it. */
export function writeEnvironment(dir: string, record: EnvironmentRecord): void {
  const path = join(dir, RUN_FILES.environment);
  const before = record.attempt > 1 ? readEnvironment(dir) : undefined;
  if (before !== undefined && before.attempt < record.attempt) {
    const kept = attemptDir(dir, before.attempt);
    mkdirSync(kept, { recursive: true });
    renameSync(path, join(kept, RUN_FILES.environment));
  }
  // The first time there is nothing to replace.
  if (existsSync(path)) writeAtomically(path, jsonText(record));
  else writeFileSync(path, jsonText(record));
}

/** What a run's last attempt worked in; `undefined` for a run that has not kept it, or damage. */
export function readEnvironment(dir: string): EnvironmentRecord | undefined {
  const path = join(dir, RUN_FILES.environment);
  try {
    if (!existsSync(path)) return undefined;
    return JSON.parse(readFileSync(path, 'utf8')) as EnvironmentRecord;
  } catch {
    return undefined;
  }
}
