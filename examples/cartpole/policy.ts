import type { Action, Observation, UniformSource } from './environment.js';

/** The randomness a policy needs: normal to start its weights, uniform to choose actions. */
export interface RandomSource extends UniformSource {
  normal(mean?: number, std?: number): number;
}

const inputs = 4;
const row = inputs + 2; // input weights, bias, output weight

// About the largest values met: unscaled, the angle (0.2 rad at most) would hardly be heard at first.
const scale: Observation = [2.4, 2, 0.21, 2];

/**
 * A random choice between two actions: a layer of `hidden` tanh units, then one logit.
 *
 * P(right) = 1 / (1 + exp(-z)) with z = c + sum_j v_j tanh(b_j + sum_i W_ji o_i / scale_i): the
 * softmax over two actions without its redundant second logit. `parameters` (6 hidden + 1 numbers)
 * holds W_j0..W_j3, b_j, v_j unit after unit, and c last.
 */
export class Policy {
  readonly parameters: Float64Array;
  readonly #activity: Float64Array;

  constructor(hidden: number, source: RandomSource) {
    this.parameters = new Float64Array(hidden * row + 1);
    this.#activity = new Float64Array(hidden);
    for (let at = 0; at < hidden * row; at += row) {
      for (let i = 0; i < inputs; i++) this.parameters[at + i] = source.normal(0, 0.5);
    }
    // v stays 0, so that both actions start equally likely whatever the seed.
  }

  /** P(right | observation), in [0, 1]. */
  probabilityRight(observation: Observation): number {
    const p = this.parameters;
    let logit = p[p.length - 1]!;
    for (let j = 0, at = 0; j < this.#activity.length; j++, at += row) {
      let drive = p[at + inputs]!;
      for (let i = 0; i < inputs; i++) drive += (p[at + i]! * observation[i]!) / scale[i]!;
      const activity = Math.tanh(drive);
      this.#activity[j] = activity;
      logit += p[at + inputs + 1]! * activity;
    }
    return 1 / (1 + Math.exp(-logit));
  }

  /** Draws an action; takes exactly one number from the source. */
  sample(observation: Observation, source: UniformSource): Action {
    return source.uniform() < this.probabilityRight(observation) ? 1 : 0;
  }

  /**
   * Adds `weight` times the gradient of log P(action | observation) to `gradient`, which is laid out
   * like `parameters`; returns P(right | observation), computed on the way.
   */
  addLogGradient(
    gradient: Float64Array,
    observation: Observation,
    action: Action,
    weight: number,
  ): number {
    const right = this.probabilityRight(observation); // leaves the units' activity behind, used below
    const dLogit = weight * (action - right);
    for (let j = 0, at = 0; j < this.#activity.length; j++, at += row) {
      const activity = this.#activity[j]!;
      const dDrive = dLogit * this.parameters[at + inputs + 1]! * (1 - activity * activity);
      for (let i = 0; i < inputs; i++) gradient[at + i]! += (dDrive * observation[i]!) / scale[i]!;
      gradient[at + inputs]! += dDrive;
      gradient[at + inputs + 1]! += dLogit * activity;
    }
    gradient[gradient.length - 1]! += dLogit;
    return right;
  }

  toCheckpoint(): Float64Array {
    return this.parameters;
  }

  /** Takes over the parameters of a policy with as many hidden units. */
  fromCheckpoint(parameters: Float64Array): void {
    if (parameters.length !== this.parameters.length) {
      throw new RangeError(`${parameters.length} parameters, not ${this.parameters.length}`);
    }
    this.parameters.set(parameters);
  }
}
