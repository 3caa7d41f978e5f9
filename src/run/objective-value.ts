import type { Objective } from '../core/objective.ts';
import type { Run } from './run.ts';

/** What a run has reached of its objective, if it has one: in its result, or else the last value that it logged. */
export function objectiveValue(
  objective: Objective | undefined,
  { result, summary }: Pick<Run, 'result' | 'summary'>,
): { readonly value?: number } {
  if (objective === undefined) return {};
  const { metric } = objective;
  const results = result as Record<string, unknown> | null | undefined;
  const inResult = typeof results === 'object' ? results?.[metric] : undefined;
  const value = inResult ?? summary[metric];
  return typeof value === 'number' ? { value } : {};
}
