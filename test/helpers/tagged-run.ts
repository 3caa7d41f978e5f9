import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonText } from '../../src/core/json.ts';
import type { Manifest } from '../../src/core/manifest.ts';
import { listTags } from '../../src/snapshots/list-tags.ts';
import { repository } from './repository.ts';
import { snapshotOf } from './snapshots.ts';

/** How a run ends well, a minute after its start. */
export const ENDED = {
  status: 'completed',
  endedAt: '2026-01-31T14:26:01.000Z',
  elapsed: 60,
} as const;

/** A run in a changed repository, as it starts. */
export function started(
  dir: string,
  config: object = { lr: 0.1 },
): { repo: string; runDir: string; manifest: Manifest } {
  const repo = join(dir, 'repo');
  repository(repo);
  writeFileSync(join(repo, 'file.txt'), 'changed');
  const runDir = join(dir, 'run');
  mkdirSync(runDir);
  writeFileSync(join(runDir, 'config.json'), jsonText({ config, origins: {} }));
  const startedAt = '2026-01-31T14:25:01.000Z';
  const attempt = { process: { pid: 1, host: 'here' }, startedAt, status: 'running' } as const;
  const manifest: Manifest = {
    format: 1,
    id: 'the-run',
    experiment: 'toy',
    status: 'running',
    command: 'main',
    overrides: [],
    seed: 1,
    sinks: [],
    createdAt: startedAt,
    startedAt,
    git: snapshotOf(repo),
    attempts: [attempt],
  };
  return { repo, runDir, manifest };
}

/** What the tag of that run says. */
export function recordOf(repo: string): unknown {
  return listTags(repo).find(({ ref }) => ref === 'refs/exptools/runs/the-run')?.record;
}

/** What this process writes to stderr meanwhile. */
export function stderrOf(work: () => unknown): string {
  const { write } = process.stderr;
  let said = '';
  process.stderr.write = ((text: string) => (said += text)) as never;
  try {
    work();
  } finally {
    process.stderr.write = write;
  }
  return said;
}
