import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { isExperimentName, makeRunId, valuesLabel } from '../../src/core/run-id.ts';
import { test } from '../helpers/temp-dir.ts';

const TIME = new Date('2026-01-31T14:25:01.123Z');

describe('makeRunId', () => {
  test('joins UTC time, tracked values and a random part', () => {
    const id = makeRunId(TIME, { lr: 0.1, optimizer: 'sgd' });

    expect(id).toMatch(/^20260131-142501-123_lr=0\.1_optimizer=sgd_[0-9a-z]{6}$/);
  });

  test('leaves the middle out when nothing is tracked', () => {
    expect(makeRunId(TIME)).toMatch(/^20260131-142501-123_[0-9a-z]{6}$/);
  });

  test('gives other ids to runs of one millisecond with the same values', () => {
    const ids = Array.from({ length: 1000 }, () => makeRunId(TIME, { lr: 0.1 }));

    expect(new Set(ids).size).toBe(ids.length);
  });

  test('sorts by time as text, whatever is tracked', () => {
    const time = fc.date({
      min: new Date('1970-01-01'),
      max: new Date('9999-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(time, time, fc.string(), (a, b, value) => {
        fc.pre(a < b);

        expect(makeRunId(a, { value }) < makeRunId(b)).toBe(true);
      }),
    );
  });

  test('holds only characters that shells and file systems leave alone, at most 200 bytes', () => {
    const tracked = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.anything({ withDate: true }));
    fc.assert(
      fc.property(tracked, (values) => {
        const id = makeRunId(TIME, values);

        expect(id).toMatch(/^[A-Za-z0-9.+_=-]{1,200}$/);
        expect(id).toMatch(/_[0-9a-z]{6}$/);
      }),
    );
  });

  test('names a directory that can be made, even of 50 long values', ({ dir }) => {
    const keys = Array.from({ length: 50 }, (_, i) => [`key${i}`, '../'.repeat(30)]);

    mkdirSync(join(dir, makeRunId(TIME, Object.fromEntries(keys))));
  });
});

describe('valuesLabel', () => {
  test.for<[title: string, values: Record<string, unknown>, label: string]>([
    ['joins keys in their order', { lr: 0.1, epochs: 20 }, 'lr=0.1_epochs=20'],
    ['keeps dotted keys', { 'train.lr': 1e-7 }, 'train.lr=1e-7'],
    ['writes text without quotes', { optimizer: 'adam' }, 'optimizer=adam'],
    ['spells NaN and infinities', { a: NaN, b: -Infinity }, 'a=nan_b=-inf'],
    ['writes booleans and null', { flag: true, depth: null }, 'flag=true_depth=null'],
    ['writes lists without brackets', { layers: [64, 32] }, 'layers=-64-32-'],
    ['writes bigints', { n: 12n }, 'n=12'],
    ['leaves out what has no value', { depth: undefined, lr: 1 }, 'lr=1'],
    ['replaces path separators', { file: '../a/b' }, 'file=..-a-b'],
    ['replaces letters beyond ASCII', { name: 'größe' }, 'name=gr-e'],
    ['replaces what would split the parts', { a_b: 'c=d' }, 'a-b=c-d'],
    ['is empty for nothing', {}, ''],
  ])('%s', ([, values, label]) => {
    expect(valuesLabel(values)).toBe(label);
  });

  test('cuts a long value to 40 characters', () => {
    expect(valuesLabel({ path: 'x'.repeat(100) })).toBe(`path=${'x'.repeat(40)}`);
  });
});

describe('isExperimentName', () => {
  test.for(['digits', 'a', '7', 'CartPole-v1', 'a.b_c', 'x'.repeat(100)])('takes "%s"', (name) => {
    expect(isExperimentName(name)).toBe(true);
  });

  test.for([
    '',
    '.',
    '..',
    '.hidden',
    '-flag',
    'a/b',
    'a\\b',
    'a b',
    'größe',
    'a\n',
    'sweeps',
    'Sweeps',
    'nul',
    'CON',
    'x'.repeat(101),
  ])('refuses %j', (name) => {
    expect(isExperimentName(name)).toBe(false);
  });
});
