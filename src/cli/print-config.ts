import pc from 'picocolors';
import { originText } from '../config/origin.ts';
import type { Change } from '../config/change.ts';
import { jsonText } from '../core/json.ts';
import type { Resolution, ResolvedConfig, ResolvedKey } from '../experiment/resolve.ts';
import { table, valuesText, valueText } from './format.ts';

/** Marks before a key, and the colour of its value. */
const MARKS: Readonly<Record<Change, { mark: string; color: (text: string) => string }>> = {
  added: { mark: '+', color: pc.green },
  modified: { mark: '*', color: pc.blue },
  retyped: { mark: '!', color: pc.red },
};

/** A resolved config for people: every value, its default, where it came from, what it is. */
export function resolutionText({ experiment, command, configs, notes }: Resolution): string {
  const title = `${pc.bold(experiment)}${command === 'main' ? '' : `  ${command}`}`;
  const [first] = configs;
  const blocks = configs.length === 1 ? [keyTable(first!.keys)] : configs.map(variantBlock);
  const changes = new Set(configs.flatMap(({ keys }) => keys.map(({ change }) => change)));
  const legend = (['added', 'modified', 'retyped'] as const)
    .filter((change) => changes.has(change))
    .map((change) => `${MARKS[change].color(MARKS[change].mark)} ${LEGEND[change]}`);
  const foot = legend.length === 0 ? [] : [pc.dim('against the defaults: ') + legend.join(', ')];
  return `${[title, ...notes, ...blocks, ...foot].join('\n\n')}\n`;
}

const LEGEND: Readonly<Record<Change, string>> = {
  added: 'added',
  modified: 'modified',
  retyped: 'of another type',
};

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

function variantBlock({ variant, keys }: ResolvedConfig, i: number): string {
  const title = pc.bold(valuesText(variant ?? {}));
  // What variants share is shown once.
  const shown = i === 0 ? keys : keys.filter(({ origin }) => origin.layer === 'variant');
  return `${title}\n${keyTable(i === 0 ? shown : withDependents(keys, shown))}`;
}

/** With the swept keys, those that were derived and may follow them. */
function withDependents(
  keys: readonly ResolvedKey[],
  shown: readonly ResolvedKey[],
): readonly ResolvedKey[] {
  return keys.filter((key) => shown.includes(key) || key.origin.layer === 'derived');
}

function keyTable(keys: readonly ResolvedKey[]): string {
  const hasDescriptions = keys.some(({ description }) => description !== undefined);
  const rows = keys.map(({ key, value, default: byDefault, change, origin, description }) => {
    const { mark, color } = change === undefined ? PLAIN : MARKS[change];
    const isDefault = origin.layer === 'default' && origin.text === undefined;
    return [
      `${color(mark)} ${key}`,
      color(valueText(value)),
      change === undefined || byDefault === undefined ? '' : pc.dim(valueText(byDefault)),
      isDefault ? pc.dim('default') : originText(origin),
      ...(hasDescriptions ? [pc.dim(description ?? '')] : []),
    ];
  });
  const head = ['  key', 'value', 'default', 'from', ...(hasDescriptions ? ['description'] : [])];
  return table(head, rows);
}

const PLAIN = { mark: ' ', color: (text: string): string => text };
