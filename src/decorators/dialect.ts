import { ExpError } from '../core/errors.ts';

// Without it, Node leaves `context.metadata` undefined, and members could not reach their class.
(Symbol as { metadata?: symbol }).metadata ??= Symbol.for('Symbol.metadata');

/** What a decorator was put on, whichever dialect the file is compiled in. */
export interface Decorated {
  readonly dialect: 'standard' | 'legacy';
  readonly kind: 'class' | 'method' | 'field' | 'accessor' | 'parameter' | 'member';
  /** The member's name; the class's for a class. */
  readonly name: string;
  readonly isStatic: boolean;
  /** A `#member`; TypeScript's `private` makes none. */
  readonly isPrivate: boolean;
  /** The class, where the dialect knows it by now; for messages. */
  readonly className: string | undefined;
  /** The class or method. */
  readonly value: unknown;
  /** Where facts about members are kept: see `membersFor`. */
  readonly membersKey: object;
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
  readonly metadata: object;
}

/**
 * Makes sense of the arguments a decorator is called with.
 * @throws {ExpError} EXP_DECORATOR for what no decorator of ours can serve.
 */
export function decorated(decorator: string, args: readonly unknown[]): Decorated {
  const [target, second] = args;
  if (args.length === 0) {
    throw new ExpError('EXP_DECORATOR', `@${decorator} takes no brackets: write @${decorator}.`);
  }
  const isStandard =
    args.length === 2 && typeof (second as StandardContext | undefined)?.kind === 'string';
  const found = isStandard ? standard(target, second as StandardContext) : legacy(args);
  if (found.isPrivate && !isStandard) {
    throw misuse(decorator, found, 'legacy decorators know no #members, write private instead');
  }
  const name = isStandard ? (second as StandardContext).name : second;
  if (typeof name === 'symbol') throw misuse(decorator, found, 'its name must be a plain one');
  return found;
}

function standard(value: unknown, context: StandardContext): Decorated {
  const isClass = context.kind === 'class';
  const isAccessor = context.kind === 'getter' || context.kind === 'setter';
  const name = String(context.name ?? 'anonymous');
  return {
    dialect: 'standard',
    kind: isAccessor ? 'accessor' : (context.kind as Decorated['kind']),
    name,
    isStatic: context.static === true,
    isPrivate: context.private === true,
    className: isClass ? name : undefined,
    value,
    membersKey: context.metadata,
    target: undefined,
    index: undefined,
    descriptor: undefined,
  };
}

function legacy(args: readonly unknown[]): Decorated {
  const [target, key, third] = args as [object, string | symbol | undefined, unknown];
  const owner = typeof target === 'function' ? target : target.constructor;
  const isPrivate = key === ''; // all that the loader tells of a #member
  const kind = isPrivate ? 'member' : legacyKind(key, third);
  const name = kind === 'class' ? owner.name : String(key ?? 'constructor');
  return {
    dialect: 'legacy',
    kind,
    name: isPrivate ? '#private' : name,
    isStatic: kind !== 'class' && typeof target === 'function' && key !== undefined,
    isPrivate,
    className: owner.name,
    value: kind === 'class' ? target : (third as PropertyDescriptor | undefined)?.value,
    membersKey: target,
    target,
    index: typeof third === 'number' ? third : undefined,
    descriptor: typeof third === 'object' ? (third as PropertyDescriptor) : undefined,
  };
}

function legacyKind(key: unknown, third: unknown): Decorated['kind'] {
  if (typeof third === 'number') return 'parameter';
  if (key === undefined) return 'class';
  if (third === undefined) return 'field';
  return typeof (third as PropertyDescriptor).value === 'function' ? 'method' : 'accessor';
}

/** Names a decorated thing for people: `method Digits.fit`, `static field Digits.config`. */
export function describe(found: Decorated): string {
  const { kind, name, isStatic, className, index } = found;
  if (kind === 'class') return `class ${name}`;
  const member = className === undefined ? name : `${className}.${name}`;
  if (index !== undefined) return `parameter ${index + 1} of ${member}`;
  return `${isStatic ? 'static ' : ''}${kind} ${member}`;
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
