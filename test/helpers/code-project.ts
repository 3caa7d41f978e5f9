import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeProject } from './project.ts';
import { git, head } from './repository.ts';
import { runExp, type Finished } from './run-exp.ts';

/** An experiment that ends as its config says, and records results on the way. */
export const MAIN = `
import { experiment } from 'exptools';
import { z } from 'zod';

const config = z.object({ lr: z.number().default(0.5), end: z.enum(['well', 'badly', 'killed']).default('well') });
export default experiment({ name: 'toy', config, sinks: [] }, (run) => {
  run.recordResults({ early: 1, loss: 9 });
  if (run.config.end === 'badly') throw new Error('no luck');
  if (run.config.end === 'killed') process.kill(process.pid, 'SIGKILL');
  return { loss: run.config.lr };
});
`;

/** Turns snapshots on, which tests do without otherwise. */
export const env = { EXP_SNAPSHOT: '1' };

/** Makes a repository with an experiment in it, and returns its commit. */
export function codeProject(dir: string): string {
  makeProject(dir);
  writeFileSync(join(dir, 'main.ts'), MAIN);
  writeFileSync(join(dir, '.gitignore'), 'node_modules\nruns\n');
  git(dir, 'init', '-qb', 'trunk');
  git(dir, 'add', '-A');
  git(dir, 'commit', '-qm', 'first');
  return head(dir);
}

/** Runs `run-exp` in a project, with snapshots. */
export function exp(dir: string, ...args: string[]): Promise<Finished> {
  return runExp(args, { cwd: dir, env });
}

/** What was printed as JSON. */
export function json({ stdout }: Finished): unknown {
  return JSON.parse(stdout);
}
