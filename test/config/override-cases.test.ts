import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { configOf, linesOfError } from '../helpers/compose.ts';

const Node = z.object({
  value: z.number().default(0),
  get next() {
    return Node.optional();
  },
});

const Config = z.object({
  // as in sacred's own vectors
  a: z.boolean().default(false),
  b: z.boolean().default(false),
  c: z.number().default(0),
  d: z.string().default(''),
  f: z.number().nullable().default(1),
  g: z.string().nullable().default('x'),
  h: z.object({ i: z.int(), j: z.object({ k: z.int() }) }).default({ i: 0, j: { k: 0 } }),
  l: z.array(z.int()).default([1, 2]),
  // and more
  choice: z.enum(['sgd', 'adam', 'x1']).default('sgd'),
  limit: z.union([z.number(), z.literal('auto')]).default('auto'),
  free: z.any().optional(),
  words: z.array(z.string()).default(['w']),
  matrix: z.array(z.array(z.number())).default([[1, 2], [3]]),
  pair: z.tuple([z.number(), z.string()]).default([1, 'b']),
  items: z.array(z.object({ n: z.string(), v: z.int().default(1) })).default([{ n: 'a', v: 1 }]),
  maybe: z.array(z.int()).optional(),
  def: z.object({ w: z.int().default(1), z: z.int().default(2) }).default({ w: 8, z: 9 }),
  opt: z.object({ k: z.int().default(1) }).optional(),
  nul: z
    .object({ k: z.int().default(1) })
    .nullable()
    .default(null),
  rec: z.record(z.string(), z.number()).default({ p: 1, q: 2 }),
  models: z.record(z.string(), z.object({ x: z.int(), y: z.int().default(4) })).default({}),
  open: z.looseObject({ known: z.int().default(3) }).prefault({}),
  catchall: z
    .object({ known: z.int().default(1) })
    .catchall(z.number())
    .prefault({}),
  kind: z
    .discriminatedUnion('is', [
      z.object({ is: z.literal('sgd'), momentum: z.number().default(0.9) }),
      z.object({ is: z.literal('adam'), beta: z.number().default(0.99) }),
    ])
    .default({ is: 'sgd', momentum: 0.5 }),
  both: z
    .object({ one: z.int().default(1) })
    .and(z.object({ two: z.int().default(2) }))
    .prefault({}),
  either: z.union([z.int(), z.object({ k: z.int() })]).default(1),
  tree: Node.prefault({}),
  when: z.coerce.date().default(new Date(0)),
  coerced: z.coerce.number().default(0),
  bool: z.stringbool().default(false),
  size: z
    .string()
    .transform((text) => text.length)
    .optional(),
  even: z
    .int()
    .refine((n) => n % 2 === 0, 'must be even')
    .default(0),
  json: z.json().optional(),
});

describe('an override of the config above', () => {
  test.for<[line: string, expected: Record<string, unknown>]>([
    ['a=true', { a: true }],
    ['c=1e-3', { c: 0.001 }],
    ['c= 5', { c: 5 }],
    ['c=0x1F', { c: 31 }],
    ['d=[1,2', { d: '[1,2' }],
    ['d=true', { d: 'true' }],
    ['d=null', { d: 'null' }],
    ['d=1.10', { d: '1.10' }],
    ['d=a=b', { d: 'a=b' }],
    ['d="a, b"', { d: 'a, b' }],
    ['d=@@home', { d: '@home' }],
    ['d=', { d: '' }],
    ['f=null', { f: null }],
    ['g=null', { g: null }],
    ['g="null"', { g: 'null' }],
    ['h.i=3 h.j.k=4', { h: { i: 3, j: { k: 4 } } }],
    ['h={"i":3}', { h: { i: 3, j: { k: 0 } } }],
    ['h={"j":{"k":5}} h.i=1', { h: { i: 1, j: { k: 5 } } }],
    ['h.j:={"k":7}', { h: { i: 0, j: { k: 7 } } }],
    ['l[0]=3', { l: [3, 2] }],
    ['l.0=3', { l: [3, 2] }],
    ['l[-1]=3', { l: [1, 3] }],
    ['+l[2]=3', { l: [1, 2, 3] }],
    ['+l[2]=3 +l[3]=4 l[0]=0', { l: [0, 2, 3, 4] }],
    ['l=[5]', { l: [5] }],
    ['l=[]', { l: [] }],
    ['l=[5] +l[1]=6', { l: [5, 6] }],
    ['l[0]=9 l=[7]', { l: [7] }],
    ['l:=[7]', { l: [7] }],
    ['choice=adam', { choice: 'adam' }],
    ['choice=x1', { choice: 'x1' }],
    ['limit=auto', { limit: 'auto' }],
    ['limit=10_000', { limit: 10_000 }],
    ['free=5', { free: 5 }],
    ['free=yes', { free: 'yes' }],
    ['free=[1,"a",null]', { free: [1, 'a', null] }],
    ['+free.x.y=1', { free: { x: { y: 1 } } }],
    ['free={"x":1} free.x=2', { free: { x: 2 } }],
    ['words=[a,"b,c",true]', { words: ['a', 'b,c', 'true'] }],
    ['words[0]=true', { words: ['true'] }],
    ['+words[1]=a=b', { words: ['w', 'a=b'] }],
    ['matrix[0][1]=9', { matrix: [[1, 9], [3]] }],
    ['matrix[-1][-1]=9', { matrix: [[1, 2], [9]] }],
    ['+matrix[2]=[5]', { matrix: [[1, 2], [3], [5]] }],
    [
      '+matrix[1][1]=4',
      {
        matrix: [
          [1, 2],
          [3, 4],
        ],
      },
    ],
    ['pair[0]=3', { pair: [3, 'b'] }],
    ['pair=[2,3]', { pair: [2, '3'] }],
    ['items[0].v=5', { items: [{ n: 'a', v: 5 }] }],
    ['items[-1].n=b', { items: [{ n: 'b', v: 1 }] }],
    [
      '+items[1]={"n":"b"}',
      {
        items: [
          { n: 'a', v: 1 },
          { n: 'b', v: 1 },
        ],
      },
    ],
    [
      '+items[1].n=b',
      {
        items: [
          { n: 'a', v: 1 },
          { n: 'b', v: 1 },
        ],
      },
    ],
    ['items=[{"n":"q"}]', { items: [{ n: 'q', v: 1 }] }],
    ['maybe=[1] +maybe[1]=2', { maybe: [1, 2] }],
    ['def.w=1', { def: { w: 1, z: 9 } }],
    ['def={"w":1}', { def: { w: 1, z: 9 } }],
    ['def:={"w":5}', { def: { w: 5, z: 2 } }],
    ['def:={}', { def: { w: 1, z: 2 } }],
    ['def.z=1 def:={"w":5}', { def: { w: 5, z: 2 } }],
    ['def:={"w":5} def.z=1', { def: { w: 5, z: 1 } }],
    ['opt={}', { opt: { k: 1 } }],
    ['opt.k=2', { opt: { k: 2 } }],
    ['nul={}', { nul: { k: 1 } }],
    ['nul.k=2', { nul: { k: 2 } }],
    ['nul.k=2 nul=null', { nul: null }],
    ['nul=null nul.k=3', { nul: { k: 3 } }],
    ['rec.p=5', { rec: { p: 5, q: 2 } }],
    ['+rec.z=5', { rec: { p: 1, q: 2, z: 5 } }],
    ['+rec.z=5 rec.z=6', { rec: { p: 1, q: 2, z: 6 } }],
    ['rec={"z":1}', { rec: { p: 1, q: 2, z: 1 } }],
    ['rec:={"z":1}', { rec: { z: 1 } }],
    ['rec:={}', { rec: {} }],
    ['rec:={} rec={"a":1}', { rec: { a: 1 } }],
    ['~rec.p', { rec: { p: 1, q: 2 } }],
    ['rec.p=5 ~rec.p', { rec: { p: 1, q: 2 } }],
    ['+rec["a.b"]=1', { rec: { p: 1, q: 2, 'a.b': 1 } }],
    ['+models["gpt-4.1"].x=1', { models: { 'gpt-4.1': { x: 1, y: 4 } } }],
    ['+models.m={"x":1} models.m.y=2', { models: { m: { x: 1, y: 2 } } }],
    ['+open.x=1', { open: { known: 3, x: 1 } }],
    ['+open.x={"y":[1]}', { open: { known: 3, x: { y: [1] } } }],
    ['open={"x":1} open.x=2', { open: { known: 3, x: 2 } }],
    ['+catchall.z=1', { catchall: { known: 1, z: 1 } }],
    ['kind.is=adam', { kind: { is: 'adam', beta: 0.99 } }],
    ['kind.beta=1 kind.is=adam', { kind: { is: 'adam', beta: 1 } }],
    ['kind:={"is":"adam"}', { kind: { is: 'adam', beta: 0.99 } }],
    ['kind:={"is":"sgd"}', { kind: { is: 'sgd', momentum: 0.9 } }],
    ['both.one=3', { both: { one: 3, two: 2 } }],
    ['either=3', { either: 3 }],
    ['either.k=3', { either: { k: 3 } }],
    ['either={"k":1} either=3', { either: 3 }],
    ['tree.next.next.value=7', { tree: { value: 0, next: { value: 0, next: { value: 7 } } } }],
    ['when=2026-01-31', { when: new Date('2026-01-31') }],
    ['coerced=2', { coerced: 2 }],
    ['bool=yes', { bool: true }],
    ['size=abcd', { size: 4 }],
    ['even=4', { even: 4 }],
    ['json={"a":[1,{"b":null}]}', { json: { a: [1, { b: null }] } }],
    ['c=1 c=2', { c: 2 }],
    ['~c c=3', { c: 3 }],
    ['c=3 ~c', { c: 0 }],
    ['h.i=3 ~h', { h: { i: 0, j: { k: 0 } } }],
    ['opt={} opt.k=2 ~opt.k', { opt: { k: 1 } }],
  ])('%s', async ([line, expected]) => {
    expect(await configOf(Config, ...line.split(/ (?=[\w+~.["\]-]+:?=|~)/))).toMatchObject(
      expected,
    );
  });

  test.for<[line: string, message: string]>([
    ['b=True', 'Config "b" must be boolean, got "True".'],
    ['f=None', 'Config "f" must be number | null, got "None".'],
    ['c=abc', 'Config "c" must be number, got "abc".'],
    ['c=', 'Config "c" must be number, got "".'],
    ['c=null', 'Config "c" must be number, got "null".'],
    ['c=1,2', 'Config "c" must be number, got "1,2". To sweep over values, add --sweep.'],
    ['c=@@1', 'Config "c" must be number, got "@1".'],
    ['h=3', 'Config "h" must be object, got "3".'],
    ['h={i:3}', 'Config "h" is no JSON: got "{i:3}".'],
    ['h.x=3', 'Config key "h.x" is unknown. Known: i, j.'],
    ['h={"x":3}', 'Config key "h.x" is unknown. Known: i, j.'],
    ['k=3', 'Config key "k" is unknown. Did you mean "h.j.k"?'],
    ['l=[1,x]', 'Config "l[1]" must be integer, got "x".'],
    ['l=[1', 'Config "l" is a list without its "]": got "[1".'],
    ['l=1', 'Config "l" must be integer[], got "1".'],
    [
      'l[2]=3',
      'Config key "l[2]" does not exist: the list has 2 items. To add one, write +l[2]=...',
    ],
    [
      'l[-3]=3',
      'Config key "l[-3]" does not exist: the list has 2 items. To add one, write +l[2]=...',
    ],
    ['+l[0]=3', 'Config list items are added at the end: write +l[2]=..., not +l[0]=...'],
    ['+l[5]=3', 'Config list items are added at the end: write +l[2]=..., not +l[5]=...'],
    ['+l[-1]=3', 'Config list items are added at the end: write +l[2]=..., not +l[-1]=...'],
    ['~l[0]', 'Items of a list cannot be unset. Write ~l.'],
    [
      'l=[1.5]',
      'Config "l[0]": Invalid input: expected int, received number, got 1.5 (override l=[1.5])',
    ],
    ['choice=SGD', 'Config "choice" must be sgd | adam | x1, got "SGD".'],
    ['limit=automatic', 'Config "limit" must be number | auto, got "automatic".'],
    ['maybe[0]=1', 'Config "maybe" has no items yet: write the whole list, as in maybe=[1,2].'],
    ['items[0].q=5', 'Config key "items[0].q" is unknown. Known: n, v.'],
    [
      'items[1].n=5',
      'Config key "items[1]" does not exist: the list has 1 items. To add one, write +items[1]=...',
    ],
    ['+items[1]={"n":"b","zz":1}', 'Config key "items[1].zz" is unknown. Known: n, v.'],
    ['pair[2]=3', 'Config key "pair[2]" is unknown. There are 2 items.'],
    [
      'pair=[1,2,3]',
      'Config "pair": Too big: expected array to have <=2 items, got [1,"2",3] (override pair=[1,2,3])',
    ],
    ['+c=1', 'Config key "c" is there already. To change it, write c=...'],
    [
      '+open.known=1',
      'Config key "open.known" is there already. To change it, write open.known=...',
    ],
    ['+word=1', 'Config key "word" is unknown. Did you mean "words"?'],
    ['~word', 'Config key "word" is unknown. Did you mean "words"?'],
    [
      'open.x=1',
      'Config key "open.x" does not exist. To add it to the open section, write +open.x=...',
    ],
    [
      'open.x.y=1',
      'Config key "open.x" does not exist. To add it to the open section, write +open.x.y=...',
    ],
    [
      'rec.z=5',
      'Config key "rec.z" does not exist. Known: p, q. To add it to the open section, write +rec.z=...',
    ],
    ['+rec.z=x', 'Config "rec.z" must be number, got "x".'],
    [
      'models.m.x=1',
      'Config key "models.m" does not exist. To add it to the open section, write +models.m.x=...',
    ],
    ['+models.m.q=1', 'Config key "models.m.q" is unknown. Known: x, y.'],
    ['+models.m.y=1', 'Config "models.m.x": Invalid input: expected number, received undefined'],
    ['+catchall.z=x', 'Config "catchall.z" must be number, got "x".'],
    ['kind.beta=1', 'Config key "kind.beta" does not go with kind.is=sgd.'],
    ['kind.is=adamw', 'Config "kind.is" must be sgd | adam, got "adamw".'],
    ['both.three=3', 'Config key "both.three" is unknown. Known: one, two.'],
    [
      'tree.next.nxt.value=1',
      'Config key "tree.next.nxt.value" is unknown. Did you mean "tree.next.next.value"?',
    ],
    ['when=nope', 'Config "when": Invalid input: expected date, received Date, got "nope"'],
    ['bool=maybe', 'Config "bool": Invalid option: expected one of'],
    ['even=3', 'Config "even": must be even, got 3 (override even=3)'],
  ])('%s is refused', async ([line, message]) => {
    const [first, ...others] = await linesOfError(() => configOf(Config, line));

    expect(first!.startsWith(message), first).toBe(true);
    expect(others).toEqual([]);
  });
});
