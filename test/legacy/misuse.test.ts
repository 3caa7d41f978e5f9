/* oxlint-disable typescript/no-extraneous-class -- these classes are there to be decorated */
import { describe, expect, test } from 'vitest';
import { captured } from '../../src/decorators/captured.ts';
import { command } from '../../src/decorators/command.ts';
import { config } from '../../src/decorators/config.ts';
import { experiment } from '../../src/decorators/experiment.ts';
import { param } from '../../src/decorators/param.ts';

// As JavaScript sees the decorators, which has no types to refuse a misuse.
const untyped = { captured, command, config, param } as Record<
  'captured' | 'command' | 'config' | 'param',
  any
>;

const experimentAnywhere: any = experiment({ name: 'nowhere' });

// The compiler of the tests may append a number to the name of a decorated class.
const cases: [decorator: string, makeClass: () => unknown, message: RegExp][] = [
  [
    '@captured on a field',
    () => {
      class Model {
        @untyped.captured lr = 1;
      }
      return Model;
    },
    /^@captured cannot decorate the field Model\.lr: it belongs on methods\.$/,
  ],
  [
    '@captured on a static field',
    () => {
      class Model {
        @untyped.captured('train') static lr = 1;
      }
      return Model;
    },
    /^@captured cannot decorate the static field Model\d?\.lr: it belongs on methods\.$/,
  ],
  [
    '@captured on a getter',
    () => {
      class Model {
        @untyped.captured get lr() {
          return 1;
        }
      }
      return Model;
    },
    /^@captured cannot decorate the accessor Model\.lr: it belongs on methods\.$/,
  ],
  [
    '@captured on a parameter',
    () => {
      class Model {
        fit(@untyped.captured lr: number) {
          return lr;
        }
      }
      return Model;
    },
    /^@captured cannot decorate the parameter 1 of Model\.fit: it belongs on methods\.$/,
  ],
  [
    '@captured on a class',
    () => {
      @untyped.captured
      class Model {}
      return Model;
    },
    /^@captured cannot decorate the class Model\d?: it belongs on methods\.$/,
  ],
  [
    '@captured on a #private method',
    () => {
      class Model {
        // @ts-expect-error -- legacy decorators are not valid here
        @untyped.captured #fit() {}
        fit() {
          this.#fit();
        }
      }
      return Model;
    },
    /^@captured cannot decorate the member Model\.#private: legacy decorators know no #members, write private instead\.$/,
  ],
  [
    '@captured on a method with a symbol for a name',
    () => {
      class Model {
        @untyped.captured [Symbol.iterator]() {}
      }
      return Model;
    },
    /^@captured cannot decorate the method Model\.Symbol\(Symbol\.iterator\): its name must be a plain one\.$/,
  ],
  [
    '@config on a method',
    () => {
      class Model {
        @untyped.config train() {}
      }
      return Model;
    },
    /^@config cannot decorate the method Model\.train: it belongs on public instance fields\.$/,
  ],
  [
    '@config on a parameter of a constructor',
    () => {
      class Model {
        constructor(@untyped.config train: object) {
          void train;
        }
      }
      return Model;
    },
    /^@config cannot decorate the parameter 1 of Model\d?\.constructor: it belongs on public/,
  ],
  [
    '@command on a static method',
    () => {
      class Model {
        @untyped.command static evaluate() {}
      }
      return Model;
    },
    /^@command cannot decorate the static method Model\d?\.evaluate: it belongs on public methods/,
  ],
  [
    '@experiment on an instance method',
    () => {
      class Model {
        @experimentAnywhere train() {}
      }
      return Model;
    },
    /^@experiment cannot decorate the method Model\.train: it belongs on a class with a main/,
  ],
  [
    '@param on a method',
    () => {
      class Model {
        @untyped.param('lr') train() {}
      }
      return Model;
    },
    /^@param cannot decorate the method Model\.train: it belongs on parameters\.$/,
  ],
  [
    '@param on a parameter of a constructor',
    () => {
      class Model {
        constructor(@param('lr') lr: number) {
          void lr;
        }
      }
      return Model;
    },
    /^@param cannot decorate the parameter 1 of Model\d?\.constructor: only methods are captured/,
  ],
];

describe('legacy decorators on the wrong thing', () => {
  test.for(cases)('%s is refused', ([, makeClass, message]) => {
    expect(makeClass).toThrow(
      expect.objectContaining({
        code: 'EXP_DECORATOR',
        message: expect.stringMatching(message),
      }),
    );
  });

  test('a class without main is refused with the method that is near', () => {
    expect(() => {
      // @ts-expect-error -- the types demand a main method
      @experiment({ name: 'no-main' })
      class Digits {
        mian() {}
      }
      return Digits;
    }).toThrow(
      /^class Digits\d? is decorated with @experiment and needs a method main\(run\)\. Did you mean "mian"\?$/,
    );
  });
});
