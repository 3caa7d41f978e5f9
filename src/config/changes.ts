import { isDeepStrictEqual } from 'node:util';
import { jsonLine, toJson } from '../core/json.ts';
import { leaves } from './assignment.ts';
import { pathText } from './path.ts';

/** How one config differs from another: `lr: 0.1 → 0.2`, a line for each key, but for the seed. */
export function configChanges(one: unknown, other: unknown): string[] {
  const [before, now] = [byKey(one), byKey(other)];
  const keys = [...new Set([...before.keys(), ...now.keys()])].filter((key) => key !== 'seed');
  return keys.flatMap((key) => {
    if (isDeepStrictEqual(before.get(key), now.get(key))) return [];
    return [`${key}: ${shown(before, key)} → ${shown(now, key)}`];
  });
}

function byKey(config: unknown): Map<string, unknown> {
  return new Map(leaves(toJson(config)).map(({ path, value }) => [pathText(path), value]));
}

function shown(values: ReadonlyMap<string, unknown>, key: string): string {
  return values.has(key) ? jsonLine(values.get(key)) : 'none';
}
