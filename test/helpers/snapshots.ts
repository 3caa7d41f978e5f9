import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import type { GitState } from '../../src/core/run-spec.ts';
import type { SnapshotRules } from '../../src/snapshots/judge.ts';
import { takeSnapshot } from '../../src/snapshots/snapshot.ts';

/** A snapshot of what is around a directory. */
export function snapshotOf(dir: string, rules: Partial<SnapshotRules> = {}): GitState {
  const usual = { ignore: [], maxFileSize: 1_000_000, except: [], project: dir };
  const state = takeSnapshot(dir, { ...usual, ...rules });
  if (state === undefined) throw new Error(`no repository at ${dir}`);
  return state;
}

/** The files of a commit, as git lists them: kind and hash of each. */
export function treeAt(dir: string, commit: string): Record<string, string> {
  const listed = execFileSync('git', ['ls-tree', '-rz', commit], { cwd: dir, encoding: 'latin1' });
  const lines = listed.split('\0').filter((line) => line !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const [, mode, id, path] = /^(\d+) \w+ (\w+)\t([^]*)$/.exec(line)!;
      if (mode === '160000') return [path, `commit ${id}`];
      const content = execFileSync('git', ['cat-file', 'blob', id!], { cwd: dir });
      const hash = createHash('sha256').update(content).digest('hex');
      if (mode === '120000') return [path, `link ${content.toString()}`];
      return [path, `${mode === '100755' ? 'program' : 'file'} ${hash}`];
    }),
  );
}
