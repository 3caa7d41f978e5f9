import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExpError, isExpError, messageOf, suggest } from '../../src/core/errors.ts';

describe('ExpError', () => {
  test('carries code, message and cause', () => {
    const cause = new Error('disk on fire');

    const error = new ExpError('EXP_FILE', 'Cannot write.', { cause });

    expect(error).toMatchObject({ code: 'EXP_FILE', message: 'Cannot write.', cause });
  });

  test('is named ExpError in its stack, without a property of its own', () => {
    const error = new ExpError('EXP_RUN', 'no');

    expect(String(error)).toBe('ExpError: no');
    expect(error.stack).toMatch(/^ExpError: no\n/);
    expect(Object.keys(error)).toEqual(['code']);
  });
});

describe('isExpError', () => {
  test('knows an error of another copy of the package by its brand', () => {
    const foreign = Object.assign(new Error('x'), { [Symbol.for('exptools.error')]: true });

    expect(isExpError(new ExpError('EXP_RUN', 'x'))).toBe(true);
    expect(isExpError(foreign)).toBe(true);
  });

  test.for([new Error('x'), 'EXP_RUN', null, undefined, { code: 'EXP_RUN' }])(
    'is false for %j',
    (value) => {
      expect(isExpError(value)).toBe(false);
    },
  );
});

describe('messageOf', () => {
  test.for<[thrown: unknown, message: string]>([
    [new TypeError('no such thing'), 'no such thing'],
    ['plain text', 'plain text'],
    [42, '42'],
    [undefined, 'undefined'],
    [null, 'null'],
  ])('reads %s', ([thrown, message]) => {
    expect(messageOf(thrown)).toBe(message);
  });
});

describe('suggest', () => {
  const known = ['lr', 'batchSize', 'optimizer', 'train.momentum'];

  test.for<[unknown: string, near: string]>([
    ['batchsize', 'batchSize'],
    ['batch_size', 'batchSize'],
    ['BATCHSIZE', 'batchSize'],
    ['LR', 'lr'],
    ['l', 'lr'],
    ['lrr', 'lr'],
    ['optimiser', 'optimizer'],
    ['train.momentun', 'train.momentum'],
  ])('names the known name next to "%s"', ([unknown, near]) => {
    expect(suggest(unknown, known)).toBe(`Did you mean "${near}"?`);
  });

  test.for(['dropout', 'xy', 'q', '', '学习率'])(
    'lists every name when "%s" is near none',
    (name) => {
      expect(suggest(name, known)).toBe('Known: lr, batchSize, optimizer, train.momentum.');
    },
  );

  test('lists twelve names at most', () => {
    const many = Array.from({ length: 30 }, (_, i) => `parameter${i + 10}`);

    expect(suggest('zzz', many)).toBe(`Known: ${many.slice(0, 12).join(', ')}, …`);
  });

  test('says so when there is none to list', () => {
    expect(suggest('lr', [])).toBe('There are none.');
  });

  test('never invents a name', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string(), { minLength: 1 }), (unknown, names) => {
        const near = /^Did you mean "(.*)"\?$/s.exec(suggest(unknown, names))?.[1];

        expect(near === undefined || names.includes(near)).toBe(true);
      }),
    );
  });
});
