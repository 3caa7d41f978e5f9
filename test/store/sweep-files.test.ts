import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import {
  createSweep,
  readSweepPlan,
  replaceSweepPlan,
  type SweepPlan,
} from '../../src/store/sweep-files.ts';
import { specOf } from '../helpers/spec.ts';
import { test } from '../helpers/temp-dir.ts';

const sweep = { id: 'the-sweep', variant: { a: 1 }, variantIndex: 0, repeat: 0 };
const PLAN: SweepPlan = {
  format: 1,
  id: 'the-sweep',
  experiment: 'toy',
  createdAt: '2026-01-31T14:25:01.123Z',
  launcher: { pid: 1, host: 'here' },
  keys: ['a'],
  repeats: 1,
  runs: [specOf({ sweep })],
};

describe('the plan of a sweep', () => {
  test('is read as it was written, and as it was replaced', ({ dir }) => {
    const place = join(dir, 'sweep');
    createSweep(place, PLAN).release();
    expect(readSweepPlan(place)).toEqual(PLAN);

    replaceSweepPlan(place, { ...PLAN, repeats: 2 });
    expect(readSweepPlan(place)).toEqual({ ...PLAN, repeats: 2 });
  });

  test.for<[string, unknown, string]>([
    ['cut short', undefined, 'Cannot read'],
    ['no object', [], 'is damaged: it holds no object'],
    ['of another format', { ...PLAN, format: 2 }, 'has format 2'],
    ['without its runs', { ...PLAN, runs: undefined }, '"runs" is missing or wrong'],
    ['with no runs', { ...PLAN, runs: [] }, '"runs" is missing or wrong'],
    ['with a run that is none', { ...PLAN, runs: [{ id: 'x' }] }, '"runs" is missing or wrong'],
    ['without its id', { ...PLAN, id: 7 }, '"id" is missing or wrong'],
  ])('that is %s is an error that names it', ([, plan, message], { dir }) => {
    const path = join(dir, 'sweep.json');
    writeFileSync(path, plan === undefined ? '{"format": 1, "i' : JSON.stringify(plan));

    expect(() => readSweepPlan(dir)).toThrow(`"${path}"`);
    expect(() => readSweepPlan(dir)).toThrow(message);
    expect(() => readSweepPlan(dir)).toThrow(expect.objectContaining({ code: 'EXP_FILE' }));
  });
});
