/** The metric a sweep is judged by. */
export interface Objective {
  /** A key of the result, or else a tag whose last value counts. */
  readonly metric: string;
  readonly direction: 'maximize' | 'minimize';
}
