/** The command of an experiment that a function is the code of. */
export interface Entry {
  readonly experiment: string;
  /** `undefined` for any. */
  readonly command?: string;
}
