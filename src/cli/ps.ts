import pc from 'picocolors';
import { messageOf } from '../core/errors.ts';
import { jsonText } from '../core/json.ts';
import { listSweepDirs, readRuns } from '../store/find-runs.ts';
import { launcherAt } from '../store/launcher-lock.ts';
import { readSweepPlan } from '../store/sweep-files.ts';
import { durationText, table, valuesText } from './format.ts';
import { summarize } from './run-table.ts';

/** Lists the sweeps and runs whose processes are alive. */
export function ps(flags: { readonly root: string; readonly json?: boolean }): void {
  const root = flags.root;
  const runs = readRuns(root)
    .filter((run) => run.status === 'running')
    .map(summarize);
  const sweeps = listSweepDirs(root).flatMap(summarizeSweep);
  if (flags.json === true) {
    process.stdout.write(jsonText({ sweeps, runs }));
    return;
  }
  if (sweeps.length + runs.length === 0) {
    process.stderr.write(`Nothing is running under ${root}.\n`);
    return;
  }
  const rows = [
    ...sweeps.map((sweep) => [
      'sweep',
      sweep.experiment,
      sweep.id.slice(-6),
      String(sweep.pid),
      age(sweep.startedAt),
      `${sweep.runs} runs`,
    ]),
    ...runs.map((run) => [
      pc.dim('run'),
      run.experiment,
      run.id.slice(-6),
      String(run.pid),
      age(run.createdAt),
      valuesText(run.variant),
    ]),
  ];
  process.stdout.write(`${table(['', 'experiment', 'id', 'pid', 'for', ''], rows, [3])}\n`);
}

/** A sweep that some process runs; whoever began it, that is who has its lock. */
function summarizeSweep(dir: string) {
  const launcher = launcherAt(dir);
  if (launcher === undefined) return [];
  const { pid, host } = launcher.process;
  try {
    const { id, experiment, createdAt, runs } = readSweepPlan(dir);
    return [{ id, experiment, createdAt, startedAt: launcher.since, pid, host, runs: runs.length }];
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return [];
  }
}

function age(createdAt: string): string {
  return durationText(Date.now() - Date.parse(createdAt));
}
