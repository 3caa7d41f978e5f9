import { runInThisContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isGenerator, parametersOf } from '../../src/capture/parameters.ts';

// Functions come from source text, since a compiler would tidy up what the table is about.
type AnyFunction = (...args: never[]) => unknown;

function functionOf(source: string): AnyFunction {
  return runInThisContext(`(${source})`) as AnyFunction;
}

function methodOf(source: string): AnyFunction {
  const owner = runInThisContext(`({ ${source} })`) as Record<PropertyKey, AnyFunction>;
  return owner[Reflect.ownKeys(owner)[0]!]!;
}

function classMethodOf(source: string): AnyFunction {
  const Class = runInThisContext(`(class { ${source} })`) as { prototype: object };
  const key = Reflect.ownKeys(Class.prototype).find((name) => name !== 'constructor');
  const holder = key === undefined ? Class : Class.prototype;
  const name = key ?? Reflect.ownKeys(Class).findLast((own) => own !== 'name')!;
  return (holder as Record<PropertyKey, AnyFunction>)[name]!;
}

/** Parameters as the table writes them: `lr`, `lr=` with a default, `...rest`, `?` without a name. */
function shown(fn: AnyFunction): string {
  return parametersOf(fn)
    .map(
      ({ name = '?', hasDefault, isRest }) =>
        `${isRest ? '...' : ''}${name}${hasDefault ? '=' : ''}`,
    )
    .join(' ');
}

describe('parametersOf', () => {
  test.for<[source: string, parameters: string]>([
    ['function () {}', ''],
    ['function f(lr, epochs) {}', 'lr epochs'],
    ['function f( lr ,\n  epochs,\n) {}', 'lr epochs'],
    ['async function f(lr) {}', 'lr'],
    ['function* f(lr) {}', 'lr'],
    ['async function* f(lr) {}', 'lr'],
    ['() => 1', ''],
    ['lr => lr', 'lr'],
    ['async lr => lr', 'lr'],
    ['async => async', 'async'],
    ['(lr, epochs) => lr', 'lr epochs'],
    ['async (lr) => lr', 'lr'],
    ['($lr, _, größe, 学习率) => 1', '$lr _ größe 学习率'],
    ['lr => (a, b) => lr', 'lr'],
  ])('reads %s', ([source, parameters]) => {
    expect(shown(functionOf(source))).toBe(parameters);
  });

  test.for<[source: string, parameters: string]>([
    ['fit(lr) {}', 'lr'],
    ['async fit(lr) {}', 'lr'],
    ['*fit(lr) {}', 'lr'],
    ['async *fit(lr) {}', 'lr'],
    ['async*fit(lr) {}', 'lr'],
    ["'a (quoted) name'(lr) {}", 'lr'],
    ['3(lr) {}', 'lr'],
    ["['a(b)'](lr) {}", 'lr'],
    ["[String('a')](lr) {}", 'lr'],
    ["async [String('a')](lr) {}", 'lr'],
    ["async*[String('a')](lr) {}", 'lr'],
    ['get(lr) {}', 'lr'],
    ['static(lr) {}', 'lr'],
    ['fit: (lr) => lr', 'lr'],
  ])('reads the method %s', ([source, parameters]) => {
    expect(shown(methodOf(source))).toBe(parameters);
  });

  test.for<[source: string, parameters: string]>([
    ['fit(lr) {}', 'lr'],
    ['static fit(lr) {}', 'lr'],
    ['static async *fit(lr) {}', 'lr'],
    ["static [String('fit')](lr) {}", 'lr'],
    ['static { this.fit = (lr = 1) => lr; }', 'lr='],
  ])('reads the class member %s', ([source, parameters]) => {
    expect(shown(classMethodOf(source))).toBe(parameters);
  });

  test.for<[source: string, parameters: string]>([
    ['(a = 1, b) => 1', 'a= b'],
    ['(a=1,b=2) => 1', 'a= b='],
    ['(a = [1, [2, 3]], b) => 1', 'a= b'],
    ['(a = { x: 1, y: { z: 2 } }, b) => 1', 'a= b'],
    ['(a = Math.max(1, (2)), b) => 1', 'a= b'],
    ['(a = (x, y) => x, b) => 1', 'a= b'],
    ['(a = function (x, y) { return x; }, b) => 1', 'a= b'],
    ['(a = class { m(x, y) {} }, b) => 1', 'a= b'],
    ['(a = new Map([[1, 2]]), b) => 1', 'a= b'],
    ['(a, b = a, c = a === b) => 1', 'a b= c='],
  ])('finds the ends of the defaults in %s', ([source, parameters]) => {
    expect(shown(functionOf(source))).toBe(parameters);
  });

  test.for<[source: string, parameters: string]>([
    ["(a = ')', b) => 1", 'a= b'],
    ['(a = "),(", b) => 1', 'a= b'],
    ["(a = '\\'),', b) => 1", 'a= b'],
    ["(a = '\\\\', b = ',') => 1", 'a= b='],
    ['(a = "/*", b = "*/") => 1', 'a= b='],
    ['(a = `)`, b) => 1', 'a= b'],
    ['(a = `${1}), ${[2, 3]}`, b) => 1', 'a= b'],
    ['(a = `${`)`}`, b) => 1', 'a= b'],
    ['(a = `${{ x: "}" }.x})`, b) => 1', 'a= b'],
    ['(a = `\\`)${`\\``}`, b) => 1', 'a= b'],
  ])('sees no structure in the text of %s', ([source, parameters]) => {
    expect(shown(functionOf(source))).toBe(parameters);
  });

  test.for<[source: string, parameters: string]>([
    ['(a = /\\)/, b) => 1', 'a= b'],
    ['(a = /[)/]/g, b) => 1', 'a= b'],
    ['(a = /"/, b = /"/) => 1', 'a= b='],
    ['(a = !/[(]/.test("x"), b) => 1', 'a= b'],
    ['(a = [/,/, /[(]/], b) => 1', 'a= b'],
    ['(a = () => /[)]/, b) => 1', 'a= b'],
    ['(a = typeof /[)]/, b) => 1', 'a= b'],
    ['(a = /* why */ /[)]/, b) => 1', 'a= b'],
    ['(a = 6 / 2, b = (4) / 2) => 1', 'a= b='],
    ['(a = 6 / 2 / 1, b = [4][0] / 2, c) => 1', 'a= b= c'],
    ['(a = 6 /* / */ / 2, b = "/") => 1', 'a= b='],
  ])('tells regular expressions from divisions in %s', ([source, parameters]) => {
    expect(shown(functionOf(source))).toBe(parameters);
  });

  test.for<[source: string, parameters: string]>([
    ['(a /* = 1, x */, b) => 1', 'a b'],
    ['(/* first */ a, // second, )\n b) => 1', 'a b'],
    ['function /* (x) */ f(a) {}', 'a'],
    ["(a, // it's\n b) => 1", 'a b'],
    ['async /* (x) */ (a) => 1', 'a'],
    ['/* (x) */ a => 1', 'a'],
  ])('passes over the comments of %s', ([source, parameters]) => {
    expect(shown(functionOf(source))).toBe(parameters);
  });

  test.for<[source: string, parameters: string]>([
    ['(...rest) => 1', '...rest'],
    ['(a, b = 1, ...rest) => 1', 'a b= ...rest'],
    ['({ a, b }) => 1', '?'],
    ['({ a = 1, b: { c } }, d) => 1', '? d'],
    ['({ a = 1 } = {}, d) => 1', '?= d'],
    ['([a, b] = [1, 2], d) => 1', '?= d'],
    ['(a, ...[b, c]) => 1', 'a ...?'],
  ])('reads rest and destructured parameters in %s', ([source, parameters]) => {
    expect(shown(functionOf(source))).toBe(parameters);
  });

  test.for<[source: string, members: string, isOpen: boolean]>([
    ['({ a, b = 1 }) => 1', 'a b=1', false],
    ['({ a: x, b: y = 2, c: { d = 3 } = {}, e: [f] }) => 1', 'a b=2 c={} e', false],
    ['({ "a b": x, \'c.d\': y = 1, 3: z }) => 1', 'a b c.d=1 3', false],
    ['({ a, ...rest }) => 1', 'a', true],
    ['({ a, [`k${1}`]: x = 1 }) => 1', 'a', true],
    [
      '({ a = "},(", /* b, */ c = `${{ x: "}" }.x}` // d\n }) => 1',
      'a="},(" c=`${{ x: "}" }.x}`',
      false,
    ],
    [
      'async ({ a = inject(), b = { x: [1, 2] } } = { a: 1 }) => 1',
      'a=inject() b={ x: [1, 2] }',
      false,
    ],
    ['({}) => 1', '', false],
  ])('reads the members of %s', ([source, members, isOpen]) => {
    const [parameter] = parametersOf(functionOf(source));

    const shownMembers = parameter!.pattern!.members.map(
      ({ name, defaultText }) => `${name}${defaultText === undefined ? '' : `=${defaultText}`}`,
    );
    expect(shownMembers.join(' ')).toBe(members);
    expect(parameter!.pattern!.isOpen).toBe(isOpen);
  });

  test.for<[source: string, text: string | undefined, isInjected: boolean]>([
    ['(a = 1 /* one */) => 1', '1', false],
    ['(a = /* why */ "x, y" ) => 1', '"x, y"', false],
    ['(a = inject()) => 1', 'inject()', true],
    ['(a = "inject()") => 1', '"inject()"', false],
    ['(a) => 1', undefined, false],
  ])('keeps the text of the default in %s', ([source, text, isInjected]) => {
    expect(parametersOf(functionOf(source))[0]).toMatchObject({ isInjected });
    expect(parametersOf(functionOf(source))[0]!.defaultText).toBe(text);
  });

  test('takes a bound or native function for one of any parameters', () => {
    const bound = functionOf('(lr, epochs) => lr').bind(undefined);

    expect([shown(bound), shown(Math.max)]).toEqual(['...?', '...?']);
  });

  test('reads any list of names and defaults', () => {
    const name = fc.stringMatching(/^[a-z]{1,5}$/).filter((text) => !isReserved(text));
    const value = fc.oneof(
      fc.string().map((text) => JSON.stringify(text)),
      fc.string().map((text) => `\`\${${JSON.stringify(text)}}\``),
      fc.json().map((text) => `(${text})`),
      fc.string().map((text) => `/* ${text.replaceAll('*/', '')} */ 1`),
      fc.stringMatching(/^[()[\]{},'"`a]{1,9}$/).map((text) => `/[${text.replace(/\]/g, '')}]/`),
    );
    const parameters = fc.uniqueArray(fc.tuple(name, fc.option(value)), { selector: ([n]) => n });
    fc.assert(
      fc.property(parameters, (list) => {
        const text = list.map(([n, v]) => (v === null ? n : `${n} = ${v}`)).join(', ');

        const read = shown(functionOf(`(${text}) => 1`));

        expect(read).toBe(list.map(([n, v]) => (v === null ? n : `${n}=`)).join(' '));
      }),
    );
  });
});

describe('isGenerator', () => {
  test.for<[source: string, is: boolean]>([
    ['function* () {}', true],
    ['async function* () {}', true],
    ['function () {}', false],
    ['async function () {}', false],
    ['() => 1', false],
  ])('%s: %s', ([source, is]) => {
    expect(isGenerator(functionOf(source))).toBe(is);
  });
});

function isReserved(word: string): boolean {
  try {
    functionOf(`(${word}) => 1`);
    return false;
  } catch {
    // a keyword
    return true;
  }
}
