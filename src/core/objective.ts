/** The metric a sweep is judged by. */
export interface Objective {
  /** A key of the result, or else a tag whose last value counts. */
  readonly metric: string;
  readonly direction: 'maximize' | 'minimize';
}

/** True if the tag is what an objective is about: its metric, with a prefix or without one. */
export function measures(objective: Objective | undefined, tag: string): boolean {
  return objective !== undefined && `/${tag}`.endsWith(`/${objective.metric}`);
}
