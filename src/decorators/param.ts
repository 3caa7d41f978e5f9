import { ExpError } from '../core/errors.ts';
import { processState } from '../core/process-state.ts';
import { decorated, misuse } from './dialect.ts';

type Names = Map<string, (string | undefined)[]>;

const names = processState('parameter-names', () => new WeakMap<object, Names>());

/** Decorates a parameter; the standard dialect has no such thing. */
export type ParamDecorator = (
  target: object,
  key: string | symbol | undefined,
  index: number,
) => void;

/**
 * Names the config key a parameter of a captured method takes, where its own name will not do:
 * `@param('train.lr') rate = inject<number>()`. Legacy decorators only.
 */
export function param(key: string): ParamDecorator {
  if (typeof key !== 'string') {
    throw new ExpError('EXP_DECORATOR', "@param needs a config key: @param('train.lr').");
  }
  return (...args) => {
    const found = decorated('param', args);
    if (found.kind !== 'parameter') throw misuse('param', found, 'it belongs on parameters');
    if (found.name === 'constructor') {
      throw misuse('param', found, 'only methods are captured, constructors are not');
    }
    const byMethod: Names = names.get(args[0]) ?? new Map();
    names.set(args[0], byMethod);
    const list = byMethod.get(found.name) ?? [];
    list[found.index!] = key;
    byMethod.set(found.name, list);
  };
}

/** The keys that `@param` gave to the parameters of a method. */
export function parameterNames(target: object, method: string): readonly (string | undefined)[] {
  return names.get(target)?.get(method) ?? [];
}
