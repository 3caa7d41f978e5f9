import pc from 'picocolors';
import { originText } from '../config/origin.ts';
import type { Change } from '../config/change.ts';
import { jsonLine, jsonText } from '../core/json.ts';
import type { Resolution, ResolvedConfig, ResolvedKey } from '../experiment/resolve.ts';
import { counted, valueText } from './format.ts';
import { keyTable, type KeyRow } from './key-table.ts';

/** Marks before a key, and the colour of its value. */
const MARKS: Readonly<Record<Change, { mark: string; color: (text: string) => string }>> = {
  added: { mark: '+', color: pc.green },
  modified: { mark: '*', color: pc.blue },
  retyped: { mark: '!', color: pc.red },
};

const LEGEND: Readonly<Record<Change, string>> = {
  added: 'added',
  modified: 'modified',
  retyped: 'of another type',
};

/**
 * A resolved config for people: every value, its default, where it came from, what it is. Of a sweep
 * it shows what all variants share, and then every variant on a line.
 * @param columns of the terminal; without one nothing is cut.
 */
export function resolutionText(
  { experiment, command, configs, notes }: Resolution,
  columns?: number,
): string {
  const isSweep = configs[0]?.variant !== undefined;
  const title = [
    pc.bold(experiment),
    ...(command === 'main' ? [] : [command]),
    ...(isSweep ? [`sweep of ${counted(configs.length, 'variant')}`] : []),
  ].join('  ');
  const keys = storiesOf(configs);
  const head = ['  key', 'value', 'default', 'from'];
  const blocks = [keyTable(head, keys.map(keyRow), columns)];
  const varying = keys.filter(({ isVarying }) => isVarying).map(({ key }) => key);
  if (varying.length > 0) blocks.push(variantTable(configs, varying, columns));
  const changes = new Set(configs.flatMap((config) => config.keys.map(({ change }) => change)));
  const legend = (['added', 'modified', 'retyped'] as const)
    .filter((change) => changes.has(change))
    .map((change) => `${MARKS[change].color(MARKS[change].mark)} ${LEGEND[change]}`);
  const foot = legend.length === 0 ? [] : [pc.dim('against the defaults: ') + legend.join(', ')];
  return `${[title, ...notes, ...blocks, ...foot].join('\n\n')}\n`;
}

/** The same for programs: one object for a run, one with all variants for a sweep. */
export function resolutionJson({ experiment, command, configs, notes }: Resolution): string {
  const shown = configs.map(({ variant, config, keys }) => ({
    ...(variant !== undefined && { variant }),
    config,
    keys: keys.map(({ origin, ...key }) => ({ ...key, ...origin })),
  }));
  const isSweep = configs[0]?.variant !== undefined;
  const base = { experiment, command };
  return jsonText(isSweep ? { ...base, notes, variants: shown } : { ...base, ...shown[0] });
}

/** What all variants say of a key. */
interface KeyStory extends Omit<ResolvedKey, 'value' | 'origin'> {
  /** The different ones, in the order of the variants. */
  readonly values: readonly string[];
  readonly origins: readonly string[];
  readonly isVarying: boolean;
}

function storiesOf(configs: readonly ResolvedConfig[]): KeyStory[] {
  const found = new Map<string, ResolvedKey[]>();
  for (const one of configs.flatMap(({ keys }) => keys)) {
    found.set(one.key, [...(found.get(one.key) ?? []), one]);
  }
  return [...found.values()].map((all) => {
    const isVarying =
      all.length < configs.length || new Set(all.map(({ value }) => jsonLine(value))).size > 1;
    const change = all.find((one) => one.change !== undefined)?.change;
    return {
      ...all[0]!,
      ...(change !== undefined && { change }),
      values: [...new Set(all.map(({ value }) => valueText(value)))],
      origins: [...new Set(all.map(({ origin }) => fromText(origin, isVarying)))],
      isVarying,
    };
  });
}

function fromText(origin: ResolvedKey['origin'], isVarying: boolean): string {
  // Nobody looks for the place of a default; what unset a value is worth saying.
  if (origin.layer === 'default' && origin.text === undefined) return 'default';
  const { text: _, ...withoutText } = origin;
  return originText(isVarying && origin.layer === 'variant' ? withoutText : origin);
}

function keyRow({
  key,
  values,
  default: byDefault,
  change,
  origins,
  isVarying,
  description,
}: KeyStory): KeyRow {
  const { mark, color } = change === undefined ? PLAIN : MARKS[change];
  const shown = isVarying ? values.join(' | ') : values[0]!;
  const from = origins.join(' | ');
  return {
    cells: [
      `${color(mark)} ${key}`,
      color(shown),
      change === undefined || byDefault === undefined ? '' : pc.dim(valueText(byDefault)),
      from.startsWith('default') ? pc.dim(from) : from,
    ],
    ...(description !== undefined && { description: pc.dim(description) }),
  };
}

function variantTable(
  configs: readonly ResolvedConfig[],
  varying: readonly string[],
  columns: number | undefined,
): string {
  const rows = configs.map(({ keys }, i): KeyRow => {
    const values = varying.map((name) => {
      const found = keys.find(({ key }) => key === name);
      if (found === undefined) return '';
      const { color } = found.change === undefined ? PLAIN : MARKS[found.change];
      return color(valueText(found.value));
    });
    return { cells: [String(i + 1), ...values] };
  });
  return keyTable(['variant', ...varying], rows, columns);
}

const PLAIN = { mark: ' ', color: (text: string): string => text };
