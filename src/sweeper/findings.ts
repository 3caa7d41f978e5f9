import { isPlainObject, numberFromJson } from '../core/json.ts';
import type { Manifest } from '../core/manifest.ts';
import type { RunStatus } from '../core/status.ts';

/** What a run that is over came to, as far as a report on its sweep needs it. */
export interface Findings {
  /** The objective, or else the only number in the result, where there is one. */
  readonly metric?: string;
  /** Of runs that completed. */
  readonly value?: number;
  /** All numbers of its summary and its result, by name; of runs that completed. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly reads?: Manifest['reads'];
  readonly degraded?: Manifest['degraded'];
}

/** What the manifest of a run says; nothing where the run has none, or none that can be read. */
export function findingsOf(status: RunStatus, manifest: Manifest | undefined): Findings {
  const { reads, degraded } = manifest ?? {};
  const common = {
    ...(reads !== undefined && { reads }),
    ...(degraded !== undefined && { degraded }),
  };
  if (manifest === undefined || status !== 'completed') return { metrics: {}, ...common };
  const { summary = {}, result } = manifest;
  const results = numbersOf(result);
  const metrics = { ...numbersOf(summary), ...results };
  return { metrics, ...judged(manifest, results), ...common };
}

function judged(
  { objective, result }: Manifest,
  results: Readonly<Record<string, number>>,
): Pick<Findings, 'metric' | 'value'> {
  if (objective !== undefined) {
    const value = numberFromJson(objective.value);
    return { metric: objective.metric, ...(value !== undefined && { value }) };
  }
  const single = numberFromJson(result);
  if (single !== undefined) return { metric: 'result', value: single };
  const [[metric, value] = [], ...others] = Object.entries(results);
  return metric === undefined || others.length > 0 ? {} : { metric, value: value! };
}

function numbersOf(values: unknown): Record<string, number> {
  if (!isPlainObject(values)) return {};
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const number = numberFromJson(value);
      return number === undefined ? [] : [[name, number]];
    }),
  );
}
