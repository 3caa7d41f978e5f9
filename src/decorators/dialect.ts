import { ExpError } from '../core/errors.ts';

// Without it, Node leaves `context.metadata` undefined, and members could not reach their class.
(Symbol as { metadata?: symbol }).metadata ??= Symbol.for('Symbol.metadata');

/** What a decorator was put on, whichever dialect the file is compiled in. */
export interface Decorated {
  readonly dialect: 'standard' | 'legacy';
  readonly kind: 'class' | 'method' | 'field' | 'accessor' | 'parameter';
  /** The member's name; the class's for a class. */
  readonly name: string;
  readonly isStatic: boolean;
  /** The class, where the dialect knows it by now; for messages. */
  readonly className: string | undefined;
  /** The class or method. */
  readonly value: unknown;
  /** Where facts about members are kept: see `membersFor`. */
  readonly membersKey: object | undefined;
  /** Class or prototype that holds the member; legacy only. */
  readonly target: object | undefined;
  /** Position of a parameter. */
  readonly index: number | undefined;
  readonly descriptor: PropertyDescriptor | undefined;
}

interface StandardContext {
  readonly kind: string;
  readonly name: string | symbol | undefined;
  readonly static?: boolean;
  readonly private?: boolean;
  readonly metadata?: object;
}

/**
 * Makes sense of the arguments a decorator is called with.
 * @throws {ExpError} EXP_DECORATOR for members no decorator of ours can serve.
 */
export function decorated(decorator: string, args: readonly unknown[]): Decorated {
  const [value, second] = args;
  const isStandard =
    args.length === 2 && typeof (second as StandardContext | undefined)?.kind === 'string';
  const found = isStandard ? standard(value, second as StandardContext) : legacy(args);
  if (found.name !== '') return found;
  throw misuse(decorator, found, 'a private #member or one with a symbol for a name');
}

function standard(value: unknown, context: StandardContext): Decorated {
  const kind = context.kind as Decorated['kind'];
  const hidden = context.private === true || typeof context.name === 'symbol';
  return {
    dialect: 'standard',
    kind,
    name: hidden ? '' : (context.name ?? 'anonymous'),
    isStatic: context.static === true,
    className: kind === 'class' ? String(context.name) : undefined,
    value,
    membersKey: context.metadata,
    target: undefined,
    index: undefined,
    descriptor: undefined,
  };
}

function legacy([target, key, third]: readonly unknown[]): Decorated {
  const owner = typeof target === 'function' ? target : (target as object).constructor;
  const descriptor = typeof third === 'object' ? (third as PropertyDescriptor) : undefined;
  const isParameter = typeof third === 'number';
  const isClass = key === undefined && !isParameter;
  const kind = isClass
    ? 'class'
    : isParameter
      ? 'parameter'
      : typeof descriptor?.value === 'function'
        ? 'method'
        : descriptor === undefined
          ? 'field'
          : 'accessor';
  const name = isClass ? owner.name : key === undefined ? 'constructor' : key;
  return {
    dialect: 'legacy',
    kind,
    name: typeof name === 'string' ? name : '',
    isStatic: !isClass && typeof target === 'function',
    className: owner.name,
    value: isClass ? target : descriptor?.value,
    membersKey: target as object,
    target: target as object,
    index: isParameter ? third : undefined,
    descriptor,
  };
}

/** Names a decorated thing for people: `method Digits.fit`, `static field Digits.config`. */
export function describe({ kind, name, isStatic, className }: Decorated): string {
  if (kind === 'class') return `class ${name}`;
  return `${isStatic ? 'static ' : ''}${kind} ${className === undefined ? '' : `${className}.`}${name}`;
}

/** The error for a decorator on the wrong thing. */
export function misuse(decorator: string, found: Decorated, belongs: string): ExpError {
  return new ExpError(
    'EXP_DECORATOR',
    `@${decorator} cannot decorate the ${describe(found)}: ${belongs}.`,
  );
}

/** Finishes a method decorator: both dialects take the replacement in their own way. */
export function replaceMethod(found: Decorated, replacement: unknown): unknown {
  if (found.dialect === 'standard') return replacement;
  return { ...found.descriptor, value: replacement };
}
