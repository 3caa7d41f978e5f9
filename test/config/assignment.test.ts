import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { assignmentsOf, leaves, readKey, type Operation } from '../../src/config/assignment.ts';
import { describeSchema } from '../../src/config/schema.ts';
import { values } from '../helpers/compose.ts';

const Config = z.object({
  lr: z.number(),
  net: z.object({ layers: z.array(z.int()), head: z.object({ dropout: z.number() }) }),
  open: z.looseObject({ known: z.number() }),
  weights: z.record(z.string(), z.number()),
});
const schema = describeSchema(Config);

describe('assignmentsOf', () => {
  test('assigns every value that is no section; a list is one value', () => {
    const origin = { layer: 'api' } as const;

    expect(values(Config, { lr: 1, net: { head: { dropout: 0 }, layers: [1, 2] } })).toEqual([
      { operation: 'put', path: ['lr'], value: 1, origin },
      { operation: 'put', path: ['net', 'head', 'dropout'], value: 0, origin },
      {
        operation: 'put',
        path: ['net', 'layers'],
        value: [1, 2],
        origin,
        originOf: expect.any(Function),
      },
    ]);
  });

  test('asks for the origin of each key, and of the parts of a list, by its place', () => {
    const originOf = (path: readonly string[]) =>
      ({ layer: 'file', text: path.join('/') }) as const;

    const [lr, list] = assignmentsOf(
      { values: { 'net.head.dropout': 1, net: { layers: [7] } }, originOf },
      schema,
    );

    expect(lr).toMatchObject({
      path: ['net', 'head', 'dropout'],
      origin: { text: 'net.head.dropout' },
    });
    expect(list!.origin.text).toBe('net/layers');
    expect(list!.originOf!(['0']).text).toBe('net/layers/0');
  });

  test.for<[text: string, operation: Operation, path: string[], value: unknown]>([
    ['net.head.dropout', 'put', ['net', 'head', 'dropout'], 1],
    ['net.layers[0]', 'put', ['net', 'layers', '0'], 1],
    ['net.head:', 'replace', ['net', 'head'], { dropout: 1 }],
    ['~lr', 'unset', ['lr'], null],
    ['~net.head.dropout', 'unset', ['net', 'head', 'dropout'], null],
    ['+open.new', 'add', ['open', 'new'], 1],
    ['weights["a.b"]', 'put', ['weights', 'a.b'], 1],
  ])('reads the key %s as the command line does', ([text, operation, path, value]) => {
    expect(values(Config, { [text]: value })).toMatchObject([{ operation, path, value }]);
  });

  test('assigns an empty section as such, and leaves out what is undefined', () => {
    expect(values(Config, { weights: {}, lr: undefined })).toMatchObject([
      { path: ['weights'], value: {} },
    ]);
  });

  test.for([null, 5, [1], 'text', new Date(0)])('makes nothing of %s', (nested) => {
    expect(values(Config, nested)).toEqual([]);
  });
});

describe('readKey', () => {
  const open = describeSchema(z.looseObject({ known: z.number() }));

  test.for<[key: string, path: string[], operation: Operation]>([
    ['a.b', ['a.b'], 'put'],
    ['~a', ['~a'], 'put'],
    ['a:', ['a:'], 'put'],
    ['known', ['known'], 'put'],
    ['~known', ['known'], 'unset'],
    ['known:', ['known'], 'replace'],
    ['["known:"]', ['known:'], 'put'],
    ['["a"]:', ['a'], 'replace'],
    ['["a"].b', ['["a"].b'], 'put'],
  ])('takes %s of an open section for what it is', ([key, path, operation]) => {
    expect(readKey(key, open)).toMatchObject({ path, operation });
  });

  test('prefers a declared key to what it could be read as', () => {
    const odd = describeSchema(z.object({ 'a.b': z.number(), '~c': z.string(), a: z.object({}) }));

    expect(readKey('a.b', odd)).toMatchObject({ path: ['a.b'], schema: { type: 'number' } });
    expect(readKey('~c', odd)).toMatchObject({ path: ['~c'], schema: { type: 'string' } });
  });
});

describe('leaves', () => {
  test('lists values with their paths; lists, dates and empty objects are values', () => {
    const date = new Date(0);

    expect(leaves({ a: { b: 1, c: [{ d: 2 }] }, e: {}, f: date, g: undefined })).toEqual([
      { path: ['a', 'b'], value: 1 },
      { path: ['a', 'c'], value: [{ d: 2 }] },
      { path: ['e'], value: {} },
      { path: ['f'], value: date },
      { path: ['g'], value: undefined },
    ]);
  });

  test('gives nothing for an empty config', () => {
    expect(leaves({})).toEqual([]);
  });
});
