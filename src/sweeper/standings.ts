import type { JsonObject } from '../core/json.ts';
import type { Objective } from '../core/objective.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { mean } from '../stats/moments.ts';

/** What the repeats of a variant came to so far. */
export interface Standing {
  readonly variant: JsonObject;
  /** The run ids, and what each came to. */
  readonly values: ReadonlyMap<string, number>;
  /** Of the values. */
  readonly mean: number;
}

/** Which variant is the best one so far, by the mean of its repeats. Kept up to date at every end. */
export class Standings {
  readonly #sign: 1 | -1 | undefined;
  readonly #variants = new Map<number, Standing>();
  #best: Standing | undefined;

  /** Without an objective no variant is better than another. */
  constructor(objective: Objective | undefined) {
    if (objective !== undefined) this.#sign = objective.direction === 'minimize' ? -1 : 1;
  }

  get best(): Standing | undefined {
    return this.#best;
  }

  /** A run of a variant came to `value`; `undefined` takes back what it had come to before. */
  set({ id, sweep }: RunSpec, value: number | undefined): void {
    if (this.#sign === undefined || sweep === undefined) return;
    const former = this.#variants.get(sweep.variantIndex);
    const values = new Map(former?.values);
    if (value === undefined) values.delete(id);
    else values.set(id, value);
    const standing = { variant: sweep.variant, values, mean: mean([...values.values()]) };
    this.#variants.set(sweep.variantIndex, standing);
    if (former !== undefined && former === this.#best) {
      this.#best = undefined;
      for (const other of this.#variants.values()) this.#compare(other);
    } else this.#compare(standing);
  }

  #compare(standing: Standing): void {
    if (Number.isNaN(standing.mean)) return;
    const best = this.#best;
    if (best === undefined || this.#sign! * (standing.mean - best.mean) > 0) this.#best = standing;
  }
}
