import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { experiment } from '../../src/decorators/experiment.ts';
import { describeExperiment } from '../../src/experiment/describe.ts';
import { definitionOf } from '../../src/experiment/registry.ts';
import { resolveConfig } from '../../src/experiment/resolve.ts';

const config = z.object({ drop: z.number().optional(), only: z.number().optional() });

const first = experiment(
  { name: 'first', config, commands: { evaluate: (_run, drop = 0.2) => drop } },
  (_run, drop: number = 0.1, only: number = 5) => drop + only,
);
const second = experiment({ name: 'second', config }, (_run, drop: number = 0.3) => drop);

async function shownDefaults(of: object, command?: string): Promise<Record<string, unknown>> {
  const request = { root: 'runs', ...(command !== undefined && { command }) };
  const { configs } = await resolveConfig(definitionOf(of), request, false);
  const ofFunctions = configs[0]!.keys.filter(({ origin }) => origin.layer === 'function');
  return Object.fromEntries(ofFunctions.map(({ key, value }) => [key, value]));
}

test('a description spells numbers that JSON lacks', () => {
  const endless = experiment(
    { name: 'endless', config: z.object({ limit: z.number().default(Infinity) }) },
    () => 1,
  );

  expect(describeExperiment(definitionOf(endless)).keys).toMatchObject([{ default: 'inf' }]);
});

describe('the defaults of commands', () => {
  test('hold in runs of that command', async () => {
    expect(await shownDefaults(first)).toEqual({ drop: 0.1, only: 5 });
    expect(await shownDefaults(first, 'evaluate')).toEqual({ drop: 0.2 });
  });

  test('hold in that experiment alone', async () => {
    expect(await shownDefaults(second)).toEqual({ drop: 0.3 });
    expect(describeExperiment(definitionOf(second)).ofFunctions).toEqual({ drop: '0.3, of main' });
  });
});
