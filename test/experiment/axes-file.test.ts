import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { planSweep, type PlannedSweep } from '../../src/experiment/plan.ts';
import type { SweepRequest } from '../../src/experiment/requests.ts';
import { definitionWith } from '../helpers/planned.ts';
import { test } from '../helpers/temp-dir.ts';

const definition = definitionWith(
  z.object({
    lr: z.number().default(0.1),
    steps: z.int().default(1),
    tag: z.string().default(''),
    net: z
      .object({ layers: z.array(z.int()).default([8]), act: z.string().default('') })
      .prefault({}),
    open: z.looseObject({}).prefault({}),
  }),
  { sweep: { lr: [1, 2] }, repeats: 3 },
);

function plan(
  dir: string,
  text: string,
  request: Partial<SweepRequest> & { name?: string } = {},
): Promise<PlannedSweep> {
  const { name = 'sweep.yaml', ...rest } = request;
  writeFileSync(join(dir, name), text);
  return planSweep(definition, { root: '/r', axes: join(dir, name), seed: 1, ...rest });
}

function variantsOf({ runs, repeats }: PlannedSweep): unknown[] {
  return runs.slice(0, runs.length / repeats).map((run) => run.sweep!.variant);
}

describe('an axes file', () => {
  test('lists axes, levels, exclusions, repeats and samples', async ({ dir }) => {
    const sweep = await plan(
      dir,
      `
axes:
  steps: range(1,4)
  lr: tag(log,interval(0.001,1))
levels:
  - net.layers: [[64], [32, 32]]
    net.act: [relu, tanh]
exclude:
  - { steps: 2, net.act: tanh }
  - { steps: 3 }
repeats: 2
samples: 2
`,
    );

    expect(sweep.keys).toEqual(['steps', 'lr', 'net.layers', 'net.act']);
    expect(sweep.repeats).toBe(2);
    const [relu, tanh] = [
      { lr: expect.any(Number) as number, 'net.layers': [64], 'net.act': 'relu' },
      { lr: expect.any(Number) as number, 'net.layers': [32, 32], 'net.act': 'tanh' },
    ];
    expect(variantsOf(sweep)).toEqual([
      { steps: 1, ...relu },
      { steps: 1, ...tanh },
      { steps: 1, ...relu },
      { steps: 1, ...tanh },
      { steps: 2, ...relu },
      { steps: 2, ...relu },
    ]);
  });

  test('may be JSON', async ({ dir }) => {
    const text = '{"axes": {"lr": [1, 2], "steps": "3,4"}, "exclude": [{"lr": 1, "steps": 3}]}';

    expect(variantsOf(await plan(dir, text, { name: 'sweep.json' }))).toEqual([
      { lr: 1, steps: 4 },
      { lr: 2, steps: 3 },
      { lr: 2, steps: 4 },
    ]);
  });

  test('reads words by the types of their keys, below sections, too', async ({ dir }) => {
    const text = `
axes:
  tag: [no, 1.10, "3"]
  net.layers[0]: [1, 2]
  open.x: [1, no, "3"]
exclude: [{ tag: 1.10 }, { tag: "3" }, { open.x: 1 }]
`;

    expect(variantsOf(await plan(dir, text))).toEqual(
      [1, 2].flatMap((layer) =>
        ['no', '3'].map((x) => ({ tag: 'no', 'net.layers[0]': layer, 'open.x': x })),
      ),
    );
  });

  test('may give values an order', async ({ dir }) => {
    const sweep = await plan(dir, 'axes: { steps: "sort(range(3), reverse=true)" }');
    const [first, again] = [1, 1].map((seed) =>
      plan(dir, 'axes: { steps: shuffle(range(20)) }', { seed }),
    );

    expect(variantsOf(sweep)).toEqual([{ steps: 2 }, { steps: 1 }, { steps: 0 }]);
    expect(variantsOf(await first!)).toEqual(variantsOf(await again!));
  });

  test('is crossed with axes on the line, and pinned by single values', async ({ dir }) => {
    const text = 'axes: { steps: [1, 2], tag: [a, b] }';
    const sweep = await plan(dir, text, { overrides: ['lr=5,6', 'tag=c'] });

    expect(variantsOf(sweep)).toEqual([
      { steps: 1, lr: 5 },
      { steps: 1, lr: 6 },
      { steps: 2, lr: 5 },
      { steps: 2, lr: 6 },
    ]);
    expect(sweep.notes).toEqual(['tag is not swept: an override sets it.']);
  });

  test('has less to say than the flags of the line', async ({ dir }) => {
    const text = 'axes: { lr: "interval(0,1)" }\nrepeats: 4\nsamples: 5';
    const sweep = await plan(dir, text, { repeats: 1, samples: 2 });

    expect(sweep.repeats).toBe(1);
    expect(variantsOf(sweep)).toHaveLength(2);
    expect((await plan(dir, 'axes: { lr: [1] }')).repeats).toBe(3);
  });

  test.for<[text: string, message: string]>([
    ['axis: { lr: [1] }', 'sweep.yaml: Unknown key "axis". Did you mean "axes"?'],
    ['axes: { stpes: [1] }', 'sweep.yaml: Config key "stpes" is unknown. Did you mean "steps"?'],
    [
      'levels: [{ net.lyers: [1] }]',
      'Config key "net.lyers" is unknown. Did you mean "net.layers"?',
    ],
    ['axes: { lr: [1] }\nexclude: [{ stps: 1 }]', 'Config key "stps" is unknown.'],
    ['axes: { lr: [1] }\nexclude: [{ steps: 1 }]', 'does not vary "steps"'],
    ['axes: { lr: [] }', 'The sweep over "lr" lists no values.'],
    ['axes: { lr: "range(3,3)" }', 'The sweep over "lr" lists no values.'],
    ['axes: { lr: [1, 1] }', 'The sweep over "lr" lists 1 twice.'],
    ['axes: { lr: [1], lr: [2] }', 'sweep.yaml:1:'],
    ['axes: { lr: [1] }\nlevels: [{ lr: [2] }]', 'The sweep names "lr" twice.'],
    ['axes: { lr: 5 }', 'The sweep over "lr" must be a list of values, text as in choice(1,2) or'],
    ['axes: { lr: many }', 'sweep.yaml: Config "lr" must be number, got "many"'],
    ['axes: { lr: [many] }', 'Config "lr"'],
    ['axes: { lr: "range(x)" }', 'is no range'],
    ['axes: [lr]', 'The axes of a sweep must hold keys and values, got ["lr"].'],
    ['levels: { lr: [1] }', 'The levels of a sweep must be a list, got {"lr":[1]}.'],
    ['axes: {}', 'There are no axes.'],
    ['repeats: 2', 'There are no axes.'],
    ['', 'A sweep has the keys axes, levels, exclude, repeats, samples; the file holds null.'],
    ['axes: { lr: [1] }\nrepeats: 0', 'repeats must be a whole number of at least 1, got 0.'],
    ['axes: { lr: [1] }\nsamples: few', 'samples must be a whole number of at least 1, got "few".'],
  ])('is refused: %j', async ([text, message], { dir }) => {
    await expect(plan(dir, text)).rejects.toThrow(message);
  });

  test('is refused where it is missing, or no YAML or JSON', async ({ dir }) => {
    const missing = planSweep(definition, { root: '/r', axes: join(dir, 'sweep.yml') });

    await expect(missing).rejects.toThrow('There is no file');
    await expect(plan(dir, 'lr=1', { name: 'sweep.txt' })).rejects.toThrow('is no YAML or JSON');
  });
});
