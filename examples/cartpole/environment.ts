/** Cart position (m) and velocity (m/s), pole angle from upright (rad) and its rate (rad/s). */
export type Observation = readonly [x: number, xDot: number, theta: number, thetaDot: number];

/** Which way to push the cart: 0 is left, 1 is right. */
export type Action = 0 | 1;

/** What one action led to: the state one interval later. */
export interface Transition {
  readonly observation: Observation;
  readonly reward: number;
  /** The episode is over: `reset()` comes before the next `step()`. */
  readonly done: boolean;
}

/** The randomness the environment needs: uniform on [low, high), by default [0, 1). */
export interface UniformSource {
  uniform(low?: number, high?: number): number;
}

const gravity = 9.8; // m/s^2
const cartMass = 1.0; // kg
const poleMass = 0.1; // kg
const totalMass = cartMass + poleMass;
const poleHalfLength = 0.5; // m
const poleMoment = poleMass * poleHalfLength;
const push = 10.0; // N
const interval = 0.02; // s
const maxPosition = 2.4; // m
const maxAngle = (12 * Math.PI) / 180; // rad
const startRange = 0.05; // m, m/s, rad, rad/s: each starts in [-0.05, 0.05)
const maxSteps = 500;

/**
 * A pole hinged on a cart, to be balanced by pushing the cart left or right.
 *
 * Every step earns 1, the last one too, so an episode's return is its length (1 to 500).
 * The problem: Barto, Sutton and Anderson, "Neuronlike adaptive elements that can solve difficult
 * learning control problems", IEEE Trans. SMC 13 (1983). Constants, explicit Euler steps and limits
 * are those of CartPole-v1 (https://gymnasium.farama.org/environments/classic_control/cart_pole/),
 * which follows Sutton's pole.c (http://incompleteideas.net/sutton/book/code/pole.c).
 */
export class CartPole {
  readonly #source: UniformSource;
  #state: Observation = [0, 0, 0, 0];
  #steps = 0;
  #done = true;

  constructor(source: UniformSource) {
    this.#source = source;
  }

  /** Starts an episode near the upright rest position; takes four numbers from the source. */
  reset(): Observation {
    const start = () => this.#source.uniform(-startRange, startRange);
    this.#state = [start(), start(), start(), start()];
    this.#steps = 0;
    this.#done = false;
    return this.#state;
  }

  /** Pushes the cart for one interval of 0.02 s; `done` tells a fall, the track's end or step 500. */
  step(action: Action): Transition {
    if (this.#done) throw new Error('the episode is over: call reset() before step()');
    const next = integrate(this.#state, action === 1 ? push : -push);
    this.#state = next;
    this.#steps += 1;
    const failed = Math.abs(next[0]) > maxPosition || Math.abs(next[2]) > maxAngle;
    this.#done = failed || this.#steps >= maxSteps;
    return { observation: next, reward: 1, done: this.#done };
  }
}

// Equations of motion without friction: https://coneural.org/florian/papers/05_cart_pole.pdf (2007).
// Euler moves position and angle by the old rates; with the new ones it would be another environment.
function integrate([x, xDot, theta, thetaDot]: Observation, force: number): Observation {
  const cos = Math.cos(theta);
  const sin = Math.sin(theta);
  const drive = (force + poleMoment * thetaDot * thetaDot * sin) / totalMass;
  const inertia = poleHalfLength * (4 / 3 - (poleMass * cos * cos) / totalMass);
  const thetaAcc = (gravity * sin - cos * drive) / inertia;
  const xAcc = drive - (poleMoment * thetaAcc * cos) / totalMass;
  return [
    x + interval * xDot,
    xDot + interval * xAcc,
    theta + interval * thetaDot,
    thetaDot + interval * thetaAcc,
  ];
}
