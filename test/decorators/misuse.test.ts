/* oxlint-disable typescript/no-extraneous-class -- these classes are there to be decorated */
import { describe, expect, test } from 'vitest';
import { captured } from '../../src/decorators/captured.ts';
import { command } from '../../src/decorators/command.ts';
import { config } from '../../src/decorators/config.ts';
import { experiment } from '../../src/decorators/experiment.ts';
import { param } from '../../src/decorators/param.ts';
import { defineExperiment } from '../../src/experiment/experiment.ts';

// A standard decorator on a member does not learn the name of its class: messages name the member.

// As JavaScript sees the decorators, which has no types to refuse a misuse.
const untyped = { captured, command, config, experiment, param } as Record<
  'captured' | 'command' | 'config' | 'experiment' | 'param',
  any
>;

const experimentAnywhere = (): any => untyped.experiment({ name: 'nowhere' });

describe('standard decorators on the wrong thing', () => {
  test.for<[decorator: string, makeClass: () => unknown, message: string]>([
    [
      '@captured on a field',
      () =>
        class {
          @untyped.captured lr = 1;
        },
      '@captured cannot decorate the field lr: it belongs on methods.',
    ],
    [
      '@captured on a static field',
      () =>
        class {
          @untyped.captured('train') static lr = 1;
        },
      '@captured cannot decorate the static field lr: it belongs on methods.',
    ],
    [
      '@captured on a getter',
      () =>
        class {
          @untyped.captured get lr() {
            return 1;
          }
        },
      '@captured cannot decorate the accessor lr: it belongs on methods.',
    ],
    [
      '@captured on an accessor',
      () =>
        class {
          @untyped.captured accessor lr = 1;
        },
      '@captured cannot decorate the accessor lr: it belongs on methods.',
    ],
    [
      '@captured on a class',
      () => {
        @untyped.captured
        class Model {}
        return Model;
      },
      '@captured cannot decorate the class Model: it belongs on methods.',
    ],
    [
      '@config on a method',
      () =>
        class {
          @untyped.config train() {}
        },
      '@config cannot decorate the method train: it belongs on public instance fields.',
    ],
    [
      '@config on a static field',
      () =>
        class {
          @untyped.config static train = {};
        },
      '@config cannot decorate the static field train: it belongs on public instance fields.',
    ],
    [
      '@config on a #private field',
      () =>
        class {
          @untyped.config #train = {};
          get() {
            return this.#train;
          }
        },
      '@config cannot decorate the field #train: it belongs on public instance fields.',
    ],
    [
      '@command on a field',
      () =>
        class {
          @untyped.command evaluate = 1;
        },
      '@command cannot decorate the field evaluate: it belongs on public methods of an experiment class.',
    ],
    [
      '@command on a static method',
      () =>
        class {
          @untyped.command static evaluate() {}
        },
      '@command cannot decorate the static method evaluate: it belongs on public methods of an experiment class.',
    ],
    [
      '@experiment on an instance method',
      () =>
        class {
          @experimentAnywhere() train() {}
        },
      '@experiment cannot decorate the method train: it belongs on a class with a main method, or a static method.',
    ],
    [
      '@experiment on a field',
      () =>
        class {
          @experimentAnywhere() train = 1;
        },
      '@experiment cannot decorate the field train: it belongs on a class with a main method, or a static method.',
    ],
    [
      '@experiment on a static #private method',
      () =>
        class {
          @experimentAnywhere() static #train() {}
          static get() {
            return this.#train;
          }
        },
      '@experiment cannot decorate the static method #train: it belongs on a class with a main method, or a static method.',
    ],
    [
      '@param on a method',
      () =>
        class {
          @untyped.param('lr') train() {}
        },
      '@param cannot decorate the method train: it belongs on parameters.',
    ],
    [
      '@captured on a method with a symbol for a name',
      () =>
        class {
          @untyped.captured [Symbol.iterator]() {}
        },
      '@captured cannot decorate the method Symbol(Symbol.iterator): its name must be a plain one.',
    ],
  ])('%s is refused', ([, makeClass, message]) => {
    expect(makeClass).toThrow(expect.objectContaining({ code: 'EXP_DECORATOR', message }));
  });
});

describe('a decorator with the wrong arguments', () => {
  test.for<[use: string, call: () => unknown, message: string]>([
    ['@command()', () => untyped.command(), '@command takes no brackets: write @command.'],
    ['@config()', () => untyped.config(), '@config takes no brackets: write @config.'],
    [
      '@config({ lr: 1 })',
      () => untyped.config({ lr: 1 }),
      '@config(...) takes a schema, as z.object({...}); got object.',
    ],
    ['@param()', () => untyped.param(), "@param needs a config key: @param('train.lr')."],
    [
      '@experiment without brackets',
      () => untyped.experiment(Array, { kind: 'class' }),
      "@experiment takes options: @experiment({ name: 'digits' }).",
    ],
    [
      '@experiment()',
      () => untyped.experiment(),
      "@experiment takes options: @experiment({ name: 'digits' }).",
    ],
  ])('%s is refused', ([, call, message]) => {
    expect(call).toThrow(expect.objectContaining({ code: 'EXP_DECORATOR', message }));
  });
});

describe('an experiment that cannot be', () => {
  const code = 'EXP_EXPERIMENT';

  test('names the class without main, and the method that is near', () => {
    expect(() => {
      // @ts-expect-error -- the types demand a main method
      @experiment({ name: 'no-main' })
      class Digits {
        mian() {}
      }
      return Digits;
    }).toThrow(
      expect.objectContaining({
        code,
        message:
          'class Digits is decorated with @experiment and needs a method main(run). Did you mean "mian"?',
      }),
    );
  });

  test('says so of a class without any method', () => {
    expect(() => {
      // @ts-expect-error -- the types demand a main method
      @experiment({ name: 'empty' })
      class Digits {
        main = 3;
      }
      return Digits;
    }).toThrow('needs a method main(run). There are none.');
  });

  test('names both that want one name', () => {
    defineExperiment({ name: 'taken' }, () => {});
    expect(() => {
      @experiment({ name: 'taken' })
      class Second {
        main() {}
      }
      return Second;
    }).toThrow(
      expect.objectContaining({
        code,
        message:
          'class Second and experiment("taken") are both named "taken". Give one another name.',
      }),
    );
  });
});
