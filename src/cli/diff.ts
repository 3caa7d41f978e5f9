import pc from 'picocolors';
import { isDeepStrictEqual } from 'node:util';
import { leaves } from '../config/assignment.ts';
import { pathText } from '../config/path.ts';
import { isPlainObject, jsonText } from '../core/json.ts';
import { patchOf } from '../snapshots/checkout.ts';
import { sourcesPatch } from '../snapshots/stored-sources.ts';
import { noCode } from './checkout.ts';
import { table, valueText } from './format.ts';
import { knownRun, type KnownRun } from './run-code.ts';

/** The flags of `run-exp diff`. */
export interface DiffFlags {
  readonly root: string;
  readonly json?: boolean;
}

/** A value that two runs do not share; absent where one of them has none. */
interface Difference {
  readonly key: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

/** Shows what differs between two runs, and nothing else: config, code and results. */
export function diffRuns(a: string, b: string, { root, json }: DiffFlags): void {
  const [from, to] = [knownRun(root, a), knownRun(root, b)];
  const isColored = json !== true && pc.isColorSupported;
  const sections = {
    run: differences(asRun(from), asRun(to)),
    config: differences(configOf(from), configOf(to)),
    results: differences(from.results, to.results),
  };
  const code = codePatch(from, to, isColored);
  if (code === undefined) {
    const unknown = (from.place ?? from.sources) ? to : from;
    process.stderr.write(`${pc.yellow('code not compared')}  ${noCode(unknown)}\n`);
  }
  if (json === true) {
    process.stdout.write(jsonText({ from: from.id, to: to.id, ...asJson(sections, code) }));
    return;
  }
  const parts = [
    ...section('run', valueTable(sections.run, from, to)),
    ...section('config', valueTable(sections.config, from, to)),
    ...section('code', (code ?? '').replace(/\n$/, '')),
    ...section('results', valueTable(sections.results, from, to)),
  ];
  const nothing = code === undefined ? 'No differences but perhaps of code.' : 'No differences.';
  process.stdout.write(`${parts.length === 0 ? nothing : parts.join('\n\n')}\n`);
}

function asRun({ experiment, command }: KnownRun): object {
  return { experiment, command };
}

function configOf({ config, seed }: KnownRun): unknown {
  if (seed === undefined || !isPlainObject(config) || 'seed' in config) return config;
  return { ...config, seed };
}

function differences(from: unknown, to: unknown): Difference[] {
  const [before, after] = [valuesOf(from), valuesOf(to)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => !isDeepStrictEqual(before.get(key), after.get(key)))
    .map((key) => ({
      key,
      ...(before.has(key) && { from: before.get(key) }),
      ...(after.has(key) && { to: after.get(key) }),
    }));
}

function valuesOf(value: unknown): Map<string, unknown> {
  if (value === undefined) return new Map();
  return new Map(leaves(value).map(({ path, value: leaf }) => [pathText(path), leaf]));
}

/** As a patch; `undefined` where the code of one of them is not to be had. */
function codePatch(from: KnownRun, to: KnownRun, isColored: boolean): string | undefined {
  const [one, other] = [from.snapshot, to.snapshot];
  if (one !== undefined && one === other) return '';
  const { place } = from;
  if (place !== undefined && one !== undefined && other !== undefined) {
    try {
      return patchOf(place, [one, other], { isColored });
    } catch {
      // The other one lies in another repository: there may be copies of both.
    }
  }
  if (from.sources === undefined || to.sources === undefined) return undefined;
  const patch = sourcesPatch(from.sources, to.sources);
  return isColored ? colored(patch) : patch;
}

function colored(patch: string): string {
  return patch
    .split('\n')
    .map((line) => {
      if (/^(diff|---|\+\+\+|new file|deleted file|old mode|new mode) /.test(line))
        return pc.bold(line);
      if (line.startsWith('@@')) return pc.cyan(line);
      if (line.startsWith('-')) return pc.red(line);
      return line.startsWith('+') ? pc.green(line) : line;
    })
    .join('\n');
}

function valueTable(all: readonly Difference[], from: KnownRun, to: KnownRun): string {
  if (all.length === 0) return '';
  const text = (difference: Difference, side: 'from' | 'to'): string =>
    side in difference ? valueText(difference[side]) : pc.dim('none');
  const rows = all.map((one) => [
    one.key === '' ? 'value' : one.key,
    pc.red(text(one, 'from')),
    pc.green(text(one, 'to')),
  ]);
  return table(['key', from.id, to.id], rows);
}

function section(title: string, body: string): string[] {
  return body === '' ? [] : [`${pc.bold(title)}\n${body}`];
}

function asJson(
  sections: Readonly<Record<string, readonly Difference[]>>,
  code: string | undefined,
): object {
  const byKey = Object.entries(sections)
    .filter(([, all]) => all.length > 0)
    .map(([name, all]) => [name, Object.fromEntries(all.map(({ key, ...sides }) => [key, sides]))]);
  return {
    ...(Object.fromEntries(byKey) as object),
    ...(code !== '' && { code: code ?? null }),
  };
}
