/** What the seeds of a call depend on, as a checkpoint keeps it. */
export interface ScopeState {
  readonly name: string;
  readonly index: number;
  /** How often it has called each captured function; under `''`, how many seeds it was given. */
  readonly calls: Readonly<Record<string, number>>;
  /** The states of its generators, by the index of their seeds. */
  readonly rngs: Readonly<Record<string, readonly number[]>>;
}
