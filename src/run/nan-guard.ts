import { ExpError, suggest } from '../core/errors.ts';
import { jsonLine } from '../core/json.ts';
import type { Value } from '../core/record.ts';

/** Which metrics end a run when they are NaN: these, or all. */
export type StopOnNaN = boolean | readonly string[];

/** Ends a run at the first NaN of a metric that it watches. Infinities are values like others. */
export class NanGuard {
  /** `undefined` stands for all. */
  readonly #tags: readonly string[] | undefined;

  constructor(tags: true | readonly string[]) {
    this.#tags = tags === true ? undefined : tags;
  }

  /** What is wrong with a row, if anything is. */
  problemIn(step: number, tags: readonly string[], values: readonly Value[]): ExpError | undefined {
    for (let i = 0; i < values.length; i++) {
      const tag = tags[i]!;
      if (!Number.isNaN(values[i]) || !(this.#tags?.includes(tag) ?? true)) continue;
      return new ExpError(
        'EXP_NAN',
        `The metric "${tag}" is nan at step ${step}; stopOnNaN ends the run.`,
      );
    }
    return undefined;
  }

  /** One sentence for every watched metric that is not among these. */
  unseen(logged: readonly string[]): string[] {
    const missing = (this.#tags ?? []).filter((tag) => !logged.includes(tag));
    return missing.map(
      (tag) => `stopOnNaN watches "${tag}", which was never logged. ${suggest(tag, logged)}`,
    );
  }
}

/**
 * The guard that an option asks for.
 * @throws {ExpError} EXP_LOG for an option that is none.
 */
export function nanGuard(option: StopOnNaN | undefined): NanGuard | undefined {
  const isList = Array.isArray(option) && option.every((tag) => typeof tag === 'string');
  if (option !== undefined && typeof option !== 'boolean' && !isList) {
    throw new ExpError(
      'EXP_LOG',
      `stopOnNaN must be true or a list of tags, such as ["train/loss"], got ${jsonLine(option)}.`,
    );
  }
  return option === undefined || option === false ? undefined : new NanGuard(option);
}
