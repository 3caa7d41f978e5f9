import type { Adam } from './adam.js';
import type { Episode } from './episode.js';
import type { Policy } from './policy.js';

/** What one update saw and did. */
export interface UpdateDiagnostics {
  /** Minus the mean over all steps of advantage times log-probability; no unit. */
  readonly loss: number;
  /** Mean entropy of the policy over all steps, in nats: log 2 = 0.69 at first, 0 once certain. */
  readonly entropy: number;
  /** Euclidean norm of the loss's gradient; 0 when all episodes did equally well. */
  readonly gradNorm: number;
}

/**
 * Improves `policy` by one step of REINFORCE on a batch of at least two episodes it has just played.
 *
 * The gradient is that of Williams, "Simple statistical gradient-following algorithms for
 * connectionist reinforcement learning" (1992), with discounted returns-to-go (`gamma` in [0, 1])
 * against a baseline, averaged over the steps of all episodes.
 */
export function updatePolicy(
  policy: Policy,
  adam: Adam,
  batch: readonly Episode[],
  gamma: number,
): UpdateDiagnostics {
  const advantages = advantagesOf(batch, gamma);
  const steps = advantages.reduce((sum, { length }) => sum + length, 0);
  const gradient = new Float64Array(policy.parameters.length);
  let loss = 0;
  let entropy = 0;
  for (const [e, { observations, actions }] of batch.entries()) {
    for (const [t, action] of actions.entries()) {
      const weight = -advantages[e]![t]! / steps;
      const right = policy.addLogGradient(gradient, observations[t]!, action, weight);
      loss += weight * Math.log(action === 1 ? right : 1 - right);
      entropy += (surprise(right) + surprise(1 - right)) / steps;
    }
  }
  adam.descend(policy.parameters, gradient);
  return { loss, entropy, gradNorm: Math.sqrt(sumOfSquares(gradient)) };
}

/** Discounted returns-to-go, G_t = r_t + gamma G_(t+1): as many as rewards. */
function returnsToGo(rewards: readonly number[], gamma: number): Float64Array {
  const returns = new Float64Array(rewards.length);
  let after = 0;
  for (let t = rewards.length - 1; t >= 0; t--) {
    after = rewards[t]! + gamma * after;
    returns[t] = after;
  }
  return returns;
}

/**
 * Returns-to-go minus the batch's mean at the same time, over their root mean square.
 *
 * One mean for all times would blame the last steps of every episode, for little is left to earn there
 * even when all went well. An episode that is over earns 0 from then on, and counts.
 */
function advantagesOf(batch: readonly Episode[], gamma: number): Float64Array[] {
  if (batch.length < 2) throw new RangeError('a baseline needs at least two episodes');
  const advantages = batch.map(({ rewards }) => returnsToGo(rewards, gamma));
  const longest = advantages.reduce((most, { length }) => Math.max(most, length), 0);
  for (let t = 0; t < longest; t++) {
    const mean = advantages.reduce((sum, returns) => sum + (returns[t] ?? 0), 0) / batch.length;
    for (const returns of advantages) if (t < returns.length) returns[t]! -= mean;
  }
  const steps = advantages.reduce((sum, { length }) => sum + length, 0);
  const squares = advantages.reduce((sum, returns) => sum + sumOfSquares(returns), 0);
  const size = Math.sqrt(squares / steps);
  // When all did equally well only rounding errors are left: not to be blown up into a lesson.
  const factor = size > 1e-9 ? 1 / size : 0;
  return advantages.map((returns) => returns.map((advantage) => advantage * factor));
}

function surprise(probability: number): number {
  return probability > 0 ? -probability * Math.log(probability) : 0;
}

function sumOfSquares(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}
