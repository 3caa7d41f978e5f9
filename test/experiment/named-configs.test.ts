import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { planRun } from '../../src/experiment/plan.ts';
import { linesOfError } from '../helpers/compose.ts';
import { definitionOf } from '../helpers/planned.ts';
import { test } from '../helpers/temp-dir.ts';

describe('named configs', () => {
  test('win in the order given, over those they extend, and over files', async ({ dir }) => {
    const file = join(dir, 'f.json');
    writeFileSync(file, '{"a": 9, "b": 9, "c": 9, "d": 9}');
    const definition = definitionOf({
      configs: {
        base: { a: 1, b: 1, c: 1 },
        mid: { extends: 'base', b: 2, net: { x: 2 } },
        top: { extends: ['mid', 'extra'], c: 3, 'net.y': 3 },
        extra: { net: { x: 5 } },
        last: { c: 4 },
      },
    });

    const { config, origins } = await planRun(definition, {
      root: dir,
      with: ['top', 'last', file],
    });

    expect(config).toMatchObject({ a: 1, b: 2, c: 4, d: 9, net: { x: 5, y: 3 } });
    expect(origins).toMatchObject({
      a: { layer: 'named', name: 'base' },
      'net.x': { name: 'extra' },
      c: { name: 'last' },
    });
  });

  test('that are functions read the defaults of other sections', async () => {
    const definition = definitionOf({
      configs: { wide: ({ net, list }) => ({ a: net.y + list.length, net: { x: net.y * 10 } }) },
    });

    const { config } = await planRun(definition, {
      root: '/r',
      with: ['wide'],
      overrides: ['net.y=4'],
    });

    expect(config).toMatchObject({ a: 5, net: { x: 40, y: 4 } });
  });

  test('in a circle, unknown or misspelt are errors', async () => {
    const configs = { one: { extends: 'two' }, two: { extends: 'one' }, big: { bb: 1 } as never };
    const plan = (name: string) => () =>
      planRun(definitionOf({ configs }), { root: '/r', with: [name] });

    expect(await linesOfError(plan('one'))).toEqual([
      'Named configs extend each other in a circle: one → two → one.',
    ]);
    expect(await linesOfError(plan('bug'))).toEqual([
      'There is no named config "bug". Did you mean "big"?',
    ]);
    expect((await linesOfError(plan('big')))[0]).toMatch(
      /^Config key "bb" is unknown\. .*\(named config big, .*planned\.ts:\d+\)$/,
    );
  });
});
