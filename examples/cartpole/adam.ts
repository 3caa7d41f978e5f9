/** Adam's memory: the count of steps and both moments, one number per parameter. */
export interface AdamState {
  readonly steps: number;
  readonly mean: Float64Array;
  readonly square: Float64Array;
}

const meanDecay = 0.9;
const squareDecay = 0.999;
const epsilon = 1e-8;

/** Adam with the constants of Kingma and Ba, "Adam: a method for stochastic optimization" (2015). */
export class Adam {
  readonly #lr: number;
  readonly #mean: Float64Array;
  readonly #square: Float64Array;
  #steps = 0;

  constructor(size: number, lr: number) {
    this.#lr = lr;
    this.#mean = new Float64Array(size);
    this.#square = new Float64Array(size);
  }

  /** Moves `parameters`, in place, one step down a gradient laid out like them. */
  descend(parameters: Float64Array, gradient: Float64Array): void {
    this.#steps += 1;
    const meanShare = 1 - meanDecay ** this.#steps;
    const squareShare = 1 - squareDecay ** this.#steps;
    for (const [k, slope] of gradient.entries()) {
      const mean = meanDecay * this.#mean[k]! + (1 - meanDecay) * slope;
      const square = squareDecay * this.#square[k]! + (1 - squareDecay) * slope * slope;
      this.#mean[k] = mean;
      this.#square[k] = square;
      const stride = Math.sqrt(square / squareShare) + epsilon;
      parameters[k]! -= (this.#lr * (mean / meanShare)) / stride;
    }
  }

  toCheckpoint(): AdamState {
    return { steps: this.#steps, mean: this.#mean, square: this.#square };
  }

  /** Takes over the memory of an Adam for as many parameters. */
  fromCheckpoint(state: AdamState): void {
    if (state.mean.length !== this.#mean.length || state.square.length !== this.#square.length) {
      throw new RangeError(`${state.mean.length} moments, not ${this.#mean.length}`);
    }
    this.#steps = state.steps;
    this.#mean.set(state.mean);
    this.#square.set(state.square);
  }
}
