import type { Action, CartPole, Observation } from './environment.js';

/** One episode, index t for time: `actions[t]` answered `observations[t]` and earned `rewards[t]`. */
export interface Episode {
  readonly observations: readonly Observation[];
  readonly actions: readonly Action[];
  readonly rewards: readonly number[];
}

/** Plays one episode from reset to done, asking `choose` for every action. */
export function playEpisode(
  environment: CartPole,
  choose: (observation: Observation) => Action,
): Episode {
  const observations: Observation[] = [];
  const actions: Action[] = [];
  const rewards: number[] = [];
  let observation = environment.reset();
  let done = false;
  while (!done) {
    const action = choose(observation);
    const transition = environment.step(action);
    observations.push(observation);
    actions.push(action);
    rewards.push(transition.reward);
    ({ observation, done } = transition);
  }
  return { observations, actions, rewards };
}

/** The undiscounted return of an episode: in CartPole, its length. */
export function returnOf(episode: Episode): number {
  return episode.rewards.reduce((sum, reward) => sum + reward, 0);
}
