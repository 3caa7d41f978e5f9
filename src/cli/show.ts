import { readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import pc from 'picocolors';
import { leaves } from '../config/assignment.ts';
import { originText } from '../config/origin.ts';
import { pathText } from '../config/path.ts';
import { jsonText, type Json } from '../core/json.ts';
import { RUN_DIRS, RUN_FILES } from '../core/layout.ts';
import type { Manifest } from '../core/manifest.ts';
import type { GitState } from '../core/run-spec.ts';
import type { SourcesState } from '../core/sources.ts';
import { readEnvironment } from '../store/environment-file.ts';
import { findRun } from '../store/find-runs.ts';
import type { StoredRun } from '../store/stored-run.ts';
import { environmentFacts } from './environment-facts.ts';
import { durationText, numberText, sizeText, statusText, table, valueText } from './format.ts';
import { lossTexts } from './loss-text.ts';
import { unusedJson, unusedText } from './unused-keys.ts';

/** The flags of `run-exp show`. */
export interface ShowFlags {
  readonly root: string;
  readonly json?: boolean;
  /** Only the keys that nothing has read. */
  readonly unused?: boolean;
}

/** Shows one run: manifest, config with the origin of every value, last metrics, files. */
export function show(name: string, flags: ShowFlags): void {
  const run = findRun(flags.root, name);
  if (flags.unused === true) {
    process.stdout.write(flags.json === true ? unusedJson(run) : unusedText(run));
    return;
  }
  process.stdout.write(flags.json === true ? asJson(run) : asText(run));
}

function asJson(run: StoredRun): string {
  const { config, origins } = run.readConfig();
  const environment = readEnvironment(run.dir);
  const details = {
    ...run.manifest,
    ...(environment !== undefined && { environment }),
    status: run.status,
    dir: run.dir,
    config,
    origins,
    metrics: run.readLastMetrics(),
    files: filesOf(run.dir),
  };
  return jsonText(details);
}

function asText(run: StoredRun): string {
  const { manifest } = run;
  const { git, sweep, affinity, attempts, objective } = manifest;
  const process = attempts.at(-1)?.process;
  const facts: [string, string | undefined][] = [
    ['status', `${statusText(run.status)}${reasonText(run)}`],
    ['name', manifest.name],
    ['comment', manifest.comment],
    ['command', manifest.command === 'main' ? undefined : manifest.command],
    ['file', manifest.file],
    ['program', manifest.program?.join(' ')],
    ['started', manifest.startedAt === undefined ? undefined : localTime(manifest.startedAt)],
    ['took', manifest.elapsed === undefined ? undefined : durationText(manifest.elapsed * 1000)],
    [
      'sweep',
      sweep && `${sweep.id}, variant ${sweep.variantIndex + 1}, repeat ${sweep.repeat + 1}`,
    ],
    ['parent', manifest.parent],
    ['from', manifest.forkedFrom === undefined ? manifest.from : undefined],
    ['forked', forkText(manifest)],
    ['children', manifest.children?.join('\n')],
    ['with', manifest.with?.join(', ')],
    ['seed', String(manifest.seed)],
    ['code', git && codeText(git)],
    ['tag', manifest.tag],
    ['sources', sourcesText(manifest.sources)],
    ['process', process && `${process.pid} on ${process.host}`],
    ['attempts', attempts.length > 1 ? attemptsText(attempts) : undefined],
    ['hooks', manifest.hookErrors && pc.yellow(manifest.hookErrors.join('\n'))],
    ['backend', backendText(manifest)],
    ['CPUs', affinity?.allowed],
    ['GPUs', affinity?.gpus?.join(',')],
    ...environmentFacts(run),
    ['objective', objective && `${objective.metric} ${numberText(objective.value)}`],
    ['result', manifest.result === undefined ? undefined : valueText(manifest.result)],
  ];
  const known = facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
  const width = Math.max(...known.map(([label]) => label.length));
  const parts = [
    `${pc.bold(manifest.experiment)}  ${manifest.id}`,
    known
      .map(([label, text]) => {
        const indented = text.replaceAll('\n', `\n${' '.repeat(width + 2)}`);
        return `${pc.dim(label.padEnd(width))}  ${indented}`;
      })
      .join('\n'),
    ...section('config', configTable(run)),
    ...section('last metrics', metricsTable(run)),
    ...section(
      relative('', run.dir),
      filesOf(run.dir)
        .map(({ file, bytes }) => `${file}  ${pc.dim(sizeText(bytes))}`)
        .join('\n'),
    ),
  ];
  return `${parts.join('\n')}\n`;
}

function section(title: string, body: string): string[] {
  return body === '' ? [] : ['', pc.bold(title), body];
}

function reasonText({ manifest }: StoredRun): string {
  const lost = lossTexts(manifest)
    .map((text) => `; ${text}`)
    .join('');
  return `${manifest.stopReason === undefined ? '' : `: ${manifest.stopReason}`}${pc.yellow(lost)}`;
}

function configTable(run: StoredRun): string {
  const { config, origins } = run.readConfig();
  const rows = leaves(config).map(({ path, value }) => {
    const key = pathText(path);
    const origin = origins[key];
    const isDefault = origin === undefined || origin.layer === 'default';
    const from = isDefault ? pc.dim('default') : originText(origin);
    return [key, valueText(value), from];
  });
  return rows.length === 0 ? '' : table(['key', 'value', 'from'], rows);
}

/** `3: failed (no luck), timeout (took longer than 2h), completed`. */
function attemptsText(attempts: Manifest['attempts']): string {
  const ends = attempts.map(
    ({ command, status, reason }) =>
      `${command === undefined ? '' : `${command} `}${status}${reason === undefined ? '' : ` (${reason})`}`,
  );
  return `${attempts.length}: ${ends.join(', ')}`;
}

/** `20260131-…_x7k2m9 at step 5: lr 0.1 → 0.2`. */
function forkText({ forkedFrom }: Manifest): string | undefined {
  if (forkedFrom === undefined) return undefined;
  const { run, step, curves, changes } = forkedFrom;
  const changed = Object.entries(changes).map(
    ([key, { from, to }]) => `${key} ${shownValue(from)} → ${shownValue(to)}`,
  );
  const more = [...(curves ? [] : ['without its curves']), ...changed];
  return `${run} at step ${step}${more.length === 0 ? '' : `: ${more.join(', ')}`}`;
}

function shownValue(value: Json | undefined): string {
  return value === undefined ? 'none' : valueText(value);
}

function codeText(git: GitState): string {
  const { commit, branch, dirty, snapshot, leftOut = [], leftOutCount = leftOut.length } = git;
  const on = branch === undefined ? '' : ` on ${branch}`;
  const changes =
    snapshot === undefined ? ', with changes' : `, with changes: ${snapshot.slice(0, 10)}`;
  const rest = leftOutCount === 0 ? '' : `, ${leftOutCount} left out (see ${RUN_FILES.manifest})`;
  const error = git.error === undefined ? '' : pc.yellow(`; ${git.error}`);
  if (commit === undefined && git.error !== undefined) return pc.yellow(`not kept: ${git.error}`);
  return `${commit?.slice(0, 10) ?? 'no commit'}${on}${dirty ? changes : ''}${rest}${error}`;
}

function sourcesText(sources: SourcesState | undefined): string | undefined {
  if (sources === undefined) return undefined;
  if ('error' in sources) return pc.yellow(`none: ${sources.error}`);
  const { files, bytes, leftOut } = sources;
  const rest = leftOut === 0 ? '' : `, ${leftOut} left out (see ${RUN_FILES.sources})`;
  return `${files} files, ${sizeText(bytes)}${rest}`;
}

function backendText({ backend, versions = {} }: Manifest): string | undefined {
  if (backend === undefined) return undefined;
  const { exptools: _, node: __, ...libraries } = versions;
  const named = Object.entries(libraries).map(([name, version]) => `${name} ${valueText(version)}`);
  return named.length === 0 ? backend : `${backend} (${named.join(', ')})`;
}

function metricsTable(run: StoredRun): string {
  const rows = Object.entries(run.readLastMetrics())
    .filter(([tag]) => tag !== 'wall_time' && tag !== 'elapsed')
    .map(([tag, value]) => [tag, numberText(value)]);
  return rows.length === 0 ? '' : table(['tag', 'value'], rows, [1]);
}

function filesOf(dir: string): { file: string; bytes: number }[] {
  return (
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      // sources.json lists them
      .filter((path) => !path.startsWith(join(dir, RUN_DIRS.sources, sep)))
      .map((path) => ({ file: relative(dir, path), bytes: statSync(path).size }))
      .sort((a, b) => (a.file < b.file ? -1 : 1))
  );
}

function localTime(iso: string): string {
  return new Date(iso).toLocaleString('sv-SE', { timeZoneName: 'short' });
}
