const WINDOW_MS = 10_000;
/** A run that says nothing for longer than this many of its pauses has become slower. */
const PATIENCE = 2;

/** How fast a run counts its steps, over about ten seconds. Times are milliseconds. */
export class Rate {
  #step: number | undefined;
  #at = 0;
  #stride = 0;
  #perSecond: number | undefined;

  /** The run is at a step. One that goes back begins anew. */
  reached(step: number, at: number): void {
    const [since, stride] = [at - this.#at, step - (this.#step ?? step)];
    if (this.#step !== undefined && since <= 0) return;
    if (stride < 0) this.#perSecond = undefined;
    if (stride > 0) {
      const now = (stride * 1000) / since;
      const weight = 1 - Math.exp(-since / WINDOW_MS);
      this.#perSecond = (this.#perSecond ?? now) + weight * (now - (this.#perSecond ?? now));
      this.#stride = stride;
    }
    if (stride !== 0 || this.#step === undefined) [this.#step, this.#at] = [step, at];
  }

  /** Steps a second; `undefined` before the second step. */
  perSecond(at: number): number | undefined {
    if (this.#perSecond === undefined) return undefined;
    const silence = at - this.#at;
    if (silence <= 0) return this.#perSecond;
    return Math.min(this.#perSecond, (PATIENCE * this.#stride * 1000) / silence);
  }
}
