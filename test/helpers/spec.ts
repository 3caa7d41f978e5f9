import type { RunSpec } from '../../src/core/run-spec.ts';

/** A run as a launcher gets it, of an experiment called `toy`. */
export function specOf(given: Partial<RunSpec>): RunSpec {
  return {
    id: 'the-run',
    experiment: 'toy',
    command: 'main',
    dir: '/nowhere/toy/the-run',
    input: {},
    configHash: '',
    config: {},
    origins: {},
    seed: 1,
    overrides: [],
    sinks: [],
    ...given,
  };
}
