import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { Checkpoints } from '../../src/checkpoint/checkpoints.ts';
import { listCheckpoints, readCheckpoint } from '../../src/checkpoint/list.ts';
import { checkPolicy } from '../../src/checkpoint/policy.ts';
import { checkpointsDir } from '../../src/core/layout.ts';
import { test } from '../helpers/temp-dir.ts';

/** Seven calls, whose steps are their numbers; rlpyt's own rule. */
const CASES: readonly (readonly [policy: string, stays: readonly number[]])[] = [
  ['all', [0, 1, 2, 3, 4, 5, 6]],
  ['last', [6]],
  ['gap:3', [0, 2, 5]],
  ['last+gap:3', [0, 2, 5, 6]],
  ['none', []],
  ['last:2', [5, 6]],
  ['all:3', [4, 5, 6]],
  ['gap:3:2', [2, 5]],
  ['gap:1', [0, 1, 2, 3, 4, 5, 6]],
  ['last+gap:3:1', [5, 6]],
];

describe('a policy, after seven calls', () => {
  test.for(CASES)('%s keeps %j', async ([policy, stays], { dir }) => {
    const checkpoints = new Checkpoints(dir, checkPolicy(policy), expect.fail);

    for (let call = 0; call < 7; call++) {
      await checkpoints.save({ call }, undefined, { step: call });
    }

    const saved = listCheckpoints(dir);
    expect(saved.map(({ step }) => step)).toEqual(stays);
    const states = await Promise.all(saved.map(({ file }) => readCheckpoint(file)));
    expect(states.map(({ state }) => state)).toEqual(stays.map((call) => ({ call })));
  });
});
