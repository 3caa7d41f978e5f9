import { ExpError, suggest } from '../core/errors.ts';
import { isPlainObject } from '../core/json.ts';
import type { Origin } from '../core/run-spec.ts';
import type { Assignment } from './assignment.ts';
import { originText } from './origin.ts';
import { isWithin, pathText, type Path } from './path.ts';
import { childSchema, narrow, propertiesOf, typesOf, type JsonSchema } from './schema.ts';
import { schemaAt, unknownKeyText } from './unknown-key.ts';

type Container = Record<string, unknown> | unknown[];

/** A config under construction: what was assigned, before defaults and validation. */
export class Draft {
  readonly input: Record<string, unknown> = {};
  /** What is wrong with the assignments, one line each. */
  readonly problems: string[] = [];
  readonly #schema: JsonSchema;
  readonly #assigned = new Map<string, Assignment>();

  /** Applies assignments in order, the last one winning. */
  constructor(schema: JsonSchema, assignments: readonly Assignment[]) {
    this.#schema = schema;
    for (const assignment of withoutUnset(assignments)) {
      this.#try(assignment.origin, () => this.assign(assignment));
    }
    this.#checkKeys(this.input, schema, []);
  }

  /** Applies one more assignment. @throws {ExpError} EXP_CONFIG for a key that is not there. */
  assign(assignment: Assignment): void {
    const { operation, path, value } = assignment;
    schemaAt(this.#schema, path);
    if (operation === 'unset') {
      const around = schemaAt(this.#schema, path.slice(0, -1));
      if (around !== 'open' && typesOf(around).includes('array')) {
        const list = pathText(path.slice(0, -1));
        throw new ExpError('EXP_CONFIG', `Items of a list cannot be unset. Write ~${list}.`);
      }
      this.#assigned.set(pathText(path), assignment);
      return;
    }
    const { section, schema, list } = this.#enter(path);
    const key = keyIn(section, path.at(-1)!);
    checkOperation(assignment, section, key, schema);
    const before = own(section, key);
    const isMerged = operation !== 'replace' && isPlainObject(value) && isEmpty(value);
    if (isMerged && isPlainObject(before)) return;
    const merged = isMerged ? (defaultSection(schema, key) ?? value) : structuredClone(value);
    if (isContainer(before)) this.#forget(path);
    define(section, key, merged);
    const whole = list === undefined ? assignment : { ...assignment, ...list };
    this.#assigned.set(pathText(whole.path), whole);
  }

  /** True if a value for the key, or for a section it lies in, was given. */
  isGiven(path: Path): boolean {
    return this.#found(path) !== undefined;
  }

  /** Where the value of a key comes from; `undefined` if nobody gave one. */
  originOf(path: Path): Origin | undefined {
    const unset = this.#assigned.get(pathText(path));
    if (unset?.operation === 'unset') return { ...unset.origin, layer: 'default' };
    return this.#found(path)?.origin;
  }

  #found(path: Path): Assignment | undefined {
    for (let end = path.length; end > 0; end--) {
      const assignment = this.#assigned.get(pathText(path.slice(0, end)));
      if (assignment === undefined) continue;
      if (assignment.operation === 'unset') return undefined;
      // A section that was assigned may leave some of its keys to their defaults.
      return valueAt(assignment.value, path.slice(end)) === undefined ? undefined : assignment;
    }
    return undefined;
  }

  /** The section a key stands in, made from its default if nobody mentioned it yet. */
  #enter(path: Path): {
    section: Container;
    schema: JsonSchema | 'open';
    /** The outermost list on the way; it counts as one value. */
    list?: { readonly path: Path; readonly value: unknown };
  } {
    let section: Container = this.input;
    let schema: JsonSchema | 'open' = this.#schema;
    let list: { path: Path; value: unknown } | undefined;
    for (const [i, name] of path.slice(0, -1).entries()) {
      const key = keyIn(section, name);
      const child: JsonSchema | 'open' =
        schema === 'open' ? 'open' : (childSchema(schema, key) ?? 'open');
      if (!isContainer(own(section, key))) {
        const start = child === 'open' ? undefined : structuredClone(child.default);
        const isList = child !== 'open' && typesOf(child).includes('array');
        if (isList && !isContainer(start)) throw noList(path.slice(0, i + 1));
        define(section, key, isContainer(start) ? start : {});
      }
      section = own(section, key) as Container;
      schema = child;
      if (Array.isArray(section)) list ??= { path: path.slice(0, i + 1), value: section };
    }
    return { section, schema, ...(list !== undefined && { list }) };
  }

  #forget(path: Path): void {
    for (const [text, { path: inner }] of this.#assigned) {
      if (isWithin(inner, path)) this.#assigned.delete(text);
    }
  }

  #try(origin: Origin, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof ExpError)) throw error;
      // What stands on the command line is in the message as it is.
      const from = origin.layer === 'override' ? '' : ` (${originText(origin)})`;
      this.problems.push(`${error.message}${from}`);
    }
  }

  /**
   * Finds unknown keys inside of values, and keys that do not go with what others chose: the `beta`
   * of `{ kind: 'sgd', beta: 0.9 }`. Those that a default or an earlier run left behind are removed.
   */
  #checkKeys(value: unknown, schema: JsonSchema | 'open' | undefined, path: Path): void {
    if (schema === undefined || schema === 'open') return;
    const isList = Array.isArray(value);
    if (!isList && !isPlainObject(value)) return;
    const fitting = narrow(schema, value);
    for (const [key, inner] of Object.entries(value)) {
      const at = [...path, key];
      const child = childSchema(fitting, key);
      if (child !== undefined) this.#checkKeys(inner, child, at);
      else if (isList)
        continue; // too many items: the schema says so
      else if (this.#isLeftBehind(at, schema) && own(value, key) !== undefined) delete value[key];
      else this.#unfit(at, childSchema(schema, key) !== undefined);
    }
  }

  /** True for a key that nobody asked for now: a default's, or one of the choice of an earlier run. */
  #isLeftBehind(path: Path, around: JsonSchema): boolean {
    if (!this.isGiven(path)) return true;
    const isKnownElsewhere = childSchema(around, path.at(-1)!) !== undefined;
    return isKnownElsewhere && this.originOf(path)?.layer === 'run';
  }

  #unfit(path: Path, isKnownElsewhere: boolean): void {
    const origin = this.originOf(path)!;
    const text = isKnownElsewhere
      ? `Config key "${pathText(path)}" does not go with the rest of "${pathText(path.slice(0, -1))}".`
      : unknownKeyText(this.#schema, path);
    this.problems.push(`${text} (${originText(origin)})`);
  }
}

/** What is left of assignments where later ones unset or replace what earlier ones say. */
function withoutUnset(assignments: readonly Assignment[]): Assignment[] {
  let kept: Assignment[] = [];
  for (const assignment of assignments) {
    const { operation, path } = assignment;
    if (operation === 'unset' || operation === 'replace') {
      kept = kept
        .filter((earlier) => !isWithin(earlier.path, path))
        .map((earlier) =>
          operation === 'unset' && isWithin(path, earlier.path)
            ? { ...earlier, value: without(earlier.value, path.slice(earlier.path.length)) }
            : earlier,
        );
    }
    kept.push(assignment);
  }
  return kept;
}

function without(value: unknown, path: Path): unknown {
  const [key, ...rest] = path;
  if (!isPlainObject(value) || key === undefined || !Object.hasOwn(value, key)) return value;
  const { [key]: inner, ...others } = value;
  return rest.length === 0 ? others : { ...others, [key]: without(inner, rest) };
}

/** @throws {ExpError} EXP_CONFIG if the key has to be there and is not, or the other way round. */
function checkOperation(
  { operation, path }: Assignment,
  section: Container,
  key: string,
  schema: JsonSchema | 'open',
): void {
  const name = pathText(path);
  const problem = (text: string): ExpError => new ExpError('EXP_CONFIG', text);
  if (Array.isArray(section)) {
    const last = pathText([...path.slice(0, -1), String(section.length)]);
    if (operation === 'add' && Number(key) !== section.length) {
      throw problem(`Config list items are added at the end: write +${last}=..., not +${name}=...`);
    }
    if (operation !== 'add' && !(Number(key) < section.length)) {
      throw problem(
        `Config key "${name}" does not exist: the list has ${section.length} items. ` +
          `To add one, write +${last}=...`,
      );
    }
    return;
  }
  const isDeclared = schema !== 'open' && propertiesOf(schema).has(key);
  const exists = isDeclared || Object.hasOwn(section, key);
  if (operation === 'add' && exists) {
    throw problem(`Config key "${name}" is there already. To change it, write ${name}=...`);
  }
  if ((operation === 'change' || operation === 'replace') && !exists) {
    const known = Object.keys(section);
    const hint = known.length === 0 ? '' : ` ${suggest(key, known)}`;
    throw problem(
      `Config key "${name}" does not exist.${hint} To add it to the open section, write +${name}=...`,
    );
  }
}

function noList(path: Path): ExpError {
  const name = pathText(path);
  return new ExpError(
    'EXP_CONFIG',
    `Config "${name}" has no items yet: write the whole list, as in ${name}=[1,2].`,
  );
}

/** The key as the container has it: items of a list are counted from its end by `-1`, `-2`... */
function keyIn(container: Container, name: string): string {
  const index = Number(name);
  return Array.isArray(container) && index < 0 ? String(container.length + index) : name;
}

function defaultSection(schema: JsonSchema | 'open', key: string): unknown {
  const child = schema === 'open' ? 'open' : childSchema(schema, key);
  const value = child === 'open' || child === undefined ? undefined : child.default;
  return isPlainObject(value) ? structuredClone(value) : undefined;
}

function isContainer(value: unknown): value is Container {
  return isPlainObject(value) || Array.isArray(value);
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}

function own(container: Container, key: string): unknown {
  return Object.hasOwn(container, key) ? (container as Record<string, unknown>)[key] : undefined;
}

/** The value at a path inside of another; `undefined` where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, key) => (isContainer(at) ? own(at, key) : undefined), value);
}

/** Sets a key; plain assignment to `__proto__` would change the object's prototype instead. */
export function define(target: Container, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}
