import { transformSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { restoreNames } from '../../src/loader/original-names.ts';

function compile(source: string): { code: string; restored: string } {
  const { code, map } = transformSync(source, {
    loader: 'ts',
    format: 'esm',
    target: 'es2022',
    keepNames: true,
    sourcemap: 'external',
    sourcefile: 'main.ts',
  });
  return { code, restored: restoreNames(code, map) };
}

/** What a module exports as `result`. */
async function run(code: string): Promise<unknown> {
  const url = `data:text/javascript,${encodeURIComponent(code)}`;
  return ((await import(/* @vite-ignore */ url)) as { result: unknown }).result;
}

const DECORATOR = 'const d = (value: any, context: any): any => value;';

describe('restoreNames', () => {
  test.for<[what: string, source: string, result: unknown]>([
    [
      'parameters that shadow a variable',
      'const lr = 1; const fit = (lr = 2) => lr; export const result = [fit.toString(), fit(), lr];',
      ['(lr  = 2) => lr', 2, 1],
    ],
    [
      'parameters that shadow one of another function',
      'const outer = (x: number) => { const inner = (x: number) => x; return inner.toString(); }; ' +
        'export const result = outer(1);',
      '(x ) => x',
    ],
    [
      'destructured and rest parameters',
      'const a = 1, rest = 2; ' +
        'const fit = ({ a } = { a: 3 }, ...rest: number[]) => [a, ...rest, { a }]; ' +
        'export const result = [fit.toString(), a + rest];',
      ['({ a: a  } = { a: 3 }, ...rest ) => [a , ...rest , { a: a  }]', 3],
    ],
    [
      'names that end in digits themselves',
      'const x1 = 1; const fit = (x1 = 2, x12 = 3) => x1 + x12; ' +
        'export const result = [fit.toString(), fit(), x1];',
      ['(x1  = 2, x12  = 3) => x1  + x12', 5, 1],
    ],
    [
      'parameters of a decorated class',
      `${DECORATOR} const lr = 1; @d class A { @d fit(lr = 2) { return lr; } static made = new A(); } ` +
        'export const result = [A.prototype.fit.length, A.made.fit(), A.prototype.fit.toString().slice(0, 12), lr];',
      [0, 2, 'fit(lr  = 2)', 1],
    ],
  ])('gives back the names of %s', async ([, source, result]) => {
    const { code, restored } = compile(source);

    expect(await run(restored)).toEqual(result);
    expect(restored.split('\n').map((line) => line.length)).toEqual(
      code.split('\n').map((line) => line.length),
    );
  });

  test.for<[what: string, source: string, result: unknown]>([
    ['enums', 'enum Mode { Slow, Fast = Slow + 2 } export const result = Mode.Fast;', 2],
    [
      'namespaces',
      'namespace Geo { export const two = 2; export const four = two * 2; } export const result = Geo.four;',
      4,
    ],
    [
      'variables in the way of the helpers for decorators',
      `const _init = 5, __name = 4; ${DECORATOR} @d class A { @d x = 1; @d m(_init = 3) { return _init; } } ` +
        'export const result = [_init, __name, new A().m(), new A().x];',
      [5, 4, 3, 1],
    ],
    [
      'names that would come to mean two things',
      'const x1 = 1; const fit = (x1 = 2, x12 = 3) => x1 + x12; ' +
        'export const result = [fit(), x1, /x12/.source];',
      [5, 1, 'x12'],
    ],
    [
      'text and properties',
      'const lr = 1; const fit = (lr: number) => `lr2 ${lr}`; ' +
        'export const result = [fit(3), { lr2: 4 }.lr2, lr];',
      ['lr2 3', 4, 1],
    ],
  ])('leaves %s as they work', async ([, source, result]) => {
    const { code, restored } = compile(source);

    expect(await run(code)).toEqual(result);
    expect(await run(restored)).toEqual(result);
  });

  test('changes nothing where nothing was renamed', () => {
    const { code, restored } = compile('export const fit = (lr2: number, x = lr2) => x;');

    expect(restored).toBe(code);
  });
});
