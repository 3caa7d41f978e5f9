import { inspect } from 'node:util';
import { ExpError } from '../core/errors.ts';
import { isPlainObject, SECTION } from '../core/json.ts';
import { processState } from '../core/process-state.ts';

/** What stands behind a view. */
interface Viewed {
  /** Dotted path; empty for the whole config. */
  readonly path: string;
  readonly raw: object;
  /** What the keys of a section give, without counting as read. */
  readonly values: ReadonlyMap<string, unknown>;
}

const viewed = processState('read-only', () => new WeakMap<object, Viewed>());

/**
 * A view of a config that cannot be changed, at any depth: writing to it throws and names the key.
 * To everything else it is what it shows: plain objects and lists for `JSON.stringify`,
 * `structuredClone`, spreading and printing. Dates, maps and class instances are passed as they are.
 *
 * @param onRead called with the dotted key whenever a value that is no section is read; a list
 *   counts as one key.
 */
export function readOnly<T>(config: T, onRead?: (key: string) => void): T {
  return viewOf(config, '', onRead) as T;
}

/**
 * The value of a key of a section, in a box, without counting as a read; `undefined` where the
 * section has no such key.
 */
export function peek(section: unknown, key: string): { readonly value: unknown } | undefined {
  if (!isPlainObject(section) || !Object.hasOwn(section, key)) return undefined;
  const known = viewed.get(section);
  return { value: known === undefined ? section[key] : known.values.get(key) };
}

/** {@link peek} at a path of keys. */
export function peekAt(
  config: unknown,
  path: readonly string[],
): { readonly value: unknown } | undefined {
  let at: { readonly value: unknown } | undefined = { value: config };
  for (const key of path) at = at === undefined ? undefined : peek(at.value, key);
  return at;
}

/** True for a view, of the config or of a part of it. */
export function isView(value: unknown): boolean {
  return typeof value === 'object' && value !== null && viewed.has(value);
}

/** True for what is divided into keys of its own: a plain object that has any. */
export function isSection(value: unknown): value is Record<string, unknown> {
  return isPlainObject(value) && Object.keys(value).length > 0;
}

function viewOf(raw: unknown, path: string, onRead?: (key: string) => void): unknown {
  if (isView(raw)) return raw;
  if (Array.isArray(raw)) return listView(raw, path);
  return isPlainObject(raw) ? sectionView(raw, path, onRead) : raw;
}

function sectionView(
  raw: Record<string, unknown>,
  path: string,
  onRead?: (key: string) => void,
): object {
  const view = Object.create(guards.section) as object;
  const values = new Map<string, unknown>();
  for (const name of Object.keys(raw)) {
    const key = path === '' ? name : `${path}.${name}`;
    const value = viewOf(raw[name], key, onRead);
    values.set(name, value);
    const get = isSection(raw[name]) || onRead === undefined ? () => value : tracked;
    function tracked(): unknown {
      onRead!(key);
      return value;
    }
    Object.defineProperty(view, name, { get, set: refuse(key), enumerable: true });
  }
  return closed(view, { path, raw, values });
}

// What is read of a list was read with the list: its items are not tracked.
function listView(raw: readonly unknown[], path: string): object {
  const view: unknown[] = [];
  for (const [i, item] of raw.entries()) {
    const key = `${path}[${i}]`;
    const value = viewOf(item, key);
    Object.defineProperty(view, i, { get: () => value, set: refuse(key), enumerable: true });
  }
  Object.defineProperty(view, 'length', { writable: false });
  Object.setPrototypeOf(view, guards.list);
  return closed(view, { path, raw, values: new Map() });
}

function closed(view: object, behind: Viewed): object {
  viewed.set(view, behind);
  return Object.preventExtensions(view);
}

function refuse(key: string): () => never {
  return () => {
    throw new ExpError(
      'EXP_CONFIG',
      `Config key "${key}" is read-only: the config of a run is fixed when it starts. ` +
        'Override the key for the next run, or change a copy: structuredClone(run.config).',
    );
  };
}

const MUTATORS = [
  'copyWithin',
  'fill',
  'pop',
  'push',
  'reverse',
  'shift',
  'sort',
  'splice',
  'unshift',
] as const;

/**
 * What views inherit from. Adding a key to an object asks its prototypes first: that is where it can
 * be refused by name, also in code that is not strict.
 */
const guards = processState('read-only-guards', () => ({
  section: guard(Object.prototype, { constructor: Object, [SECTION]: true }),
  list: guard(Array.prototype, {
    ...Object.fromEntries(MUTATORS.map((name) => [name, mutator(name)])),
    // V8 calls a list an object when a proxy stands behind it.
    [Symbol.toStringTag]: 'Array',
  }),
}));

function guard(parent: object, members: Record<PropertyKey, unknown>): object {
  const prototype = Object.create(parent) as object;
  for (const key of Reflect.ownKeys(members)) {
    Object.defineProperty(prototype, key, { value: members[key as string] });
  }
  Object.defineProperty(prototype, inspect.custom, {
    value(this: object): unknown {
      return viewed.get(this)?.raw ?? this;
    },
  });
  return new Proxy(prototype, {
    set(target, key, value, receiver: object): boolean {
      const view = viewed.get(receiver);
      // An object that merely inherits from a view is its owner's to change.
      if (view === undefined) return Reflect.set(target, key, value, receiver);
      const name = String(key);
      const full = Array.isArray(receiver)
        ? `${view.path}[${name}]`
        : [view.path, name].filter(Boolean).join('.');
      throw new ExpError(
        'EXP_CONFIG',
        `Config key "${full}" cannot be added: the config of a run is read-only. ` +
          'Declare it in the schema, or change a copy: structuredClone(run.config).',
      );
    },
  });
}

function mutator(name: (typeof MUTATORS)[number]): (this: object) => unknown {
  return function (this: object, ...args: unknown[]): unknown {
    const view = viewed.get(this);
    if (view === undefined) {
      const method = Array.prototype[name] as (...args: unknown[]) => unknown;
      return method.apply(this, args);
    }
    throw new ExpError(
      'EXP_CONFIG',
      `Config key "${view.path}" is read-only: ${name}() would change it. Copy the list first: [...list].`,
    );
  };
}
