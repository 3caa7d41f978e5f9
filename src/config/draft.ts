import { ExpError, isExpError } from '../core/errors.ts';
import { isPlainObject, jsonLine } from '../core/json.ts';
import type { Origin } from '../core/run-spec.ts';
import type { Assignment } from './assignment.ts';
import { define, isContainer, keyIn, own, valueAt } from './container.ts';
import { childSchema, typesOf, type JsonSchema } from './json-schema.ts';
import { misfits } from './misfits.ts';
import { originText } from './origin.ts';
import { isWithin, pathText, type Path } from './path.ts';
import { childOf, enter, isThere, thereAlready, type Step } from './step.ts';
import { schemaAt, unknownKeyText } from './unknown-key.ts';
import { withoutUnset } from './unset.ts';

/** A config under construction: what was assigned, before defaults and validation. */
export class Draft {
  readonly input: Record<string, unknown> = {};
  readonly #schema: JsonSchema;
  readonly #assigned = new Map<string, Assignment>();
  readonly #problems: string[] = [];

  /** Applies assignments in order, the last one winning. */
  constructor(schema: JsonSchema, assignments: readonly Assignment[]) {
    this.#schema = schema;
    this.assign(withoutUnset(assignments));
  }

  /** What is wrong with the assignments, one line each. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** Applies more assignments. */
  assign(assignments: readonly Assignment[]): void {
    for (const assignment of assignments) {
      try {
        this.#assign(assignment);
      } catch (error) {
        if (!isExpError(error)) throw error;
        // What stands on the command line is in the message as it is.
        const { origin } = assignment;
        const from = origin.layer === 'override' ? '' : ` (${originText(origin)})`;
        this.#problems.push(`${error.message}${from}`);
      }
    }
    this.#checkKeys();
  }

  /** True if a value for the key, or for a section it lies in, was given. */
  isGiven(path: Path): boolean {
    return this.#found(path) !== undefined;
  }

  /** Where the value of a key comes from; `undefined` if nobody gave one. */
  originOf(path: Path): Origin | undefined {
    const unset = this.#assigned.get(pathText(path));
    if (unset?.operation === 'unset') return { ...unset.origin, layer: 'default' };
    const found = this.#found(path);
    return found?.originOf?.(path.slice(found.path.length)) ?? found?.origin;
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

  #assign(assignment: Assignment): void {
    const { operation, path, value } = assignment;
    schemaAt(this.#schema, path);
    if (operation === 'unset') {
      this.#checkUnset(assignment);
      this.#assigned.set(pathText(path), assignment);
      return;
    }
    const { section, key, schema, list } = this.#enter(assignment);
    const before = own(section, key);
    const isMerged = operation !== 'replace' && isPlainObject(value) && isEmpty(value);
    if (isMerged && isPlainObject(before)) return;
    const merged = isMerged ? (defaultSection(schema, key) ?? value) : cloned(value, path);
    if (isContainer(before)) this.#forget(path);
    define(section, key, merged);
    // A list counts as one value, whoever assigned which of its items.
    const whole = list === undefined ? assignment : { ...assignment, ...list };
    this.#assigned.set(pathText(whole.path), whole);
  }

  #checkUnset({ path, value }: Assignment): void {
    const name = pathText(path);
    if (value !== undefined && value !== null) {
      throw new ExpError('EXP_CONFIG', `"~${name}" unsets a key and takes no value.`);
    }
    const around = schemaAt(this.#schema, path.slice(0, -1));
    if (around !== 'open' && typesOf(around).includes('array')) {
      const list = pathText(path.slice(0, -1));
      throw new ExpError('EXP_CONFIG', `Items of a list cannot be unset. Write ~${list}.`);
    }
  }

  /** Goes to a key; sections that nobody mentioned yet are made from their defaults. */
  #enter(assignment: Assignment): Step & {
    /** The outermost list on the way. */
    readonly list?: Pick<Assignment, 'path' | 'value' | 'originOf'>;
  } {
    const { path, operation } = assignment;
    let at: Pick<Step, 'section' | 'schema'> = { section: this.input, schema: this.#schema };
    let list: Pick<Assignment, 'path' | 'value' | 'originOf'> | undefined;
    let isNew = false;
    const stepTo = (i: number): Step => {
      const { section, schema } = at;
      const step = { section, schema, key: keyIn(section, path[i]!), path: path.slice(0, i + 1) };
      isNew = !isThere(step, assignment) || isNew;
      return step;
    };
    for (let i = 0; i < path.length - 1; i++) {
      const step = stepTo(i);
      at = { section: enter(step, path[i + 1]!), schema: childOf(step) };
      if (Array.isArray(at.section)) {
        list ??= { path: step.path, value: at.section, originOf: undefined };
      }
    }
    const last = stepTo(path.length - 1);
    if (operation === 'add' && !isNew) throw thereAlready(last);
    return { ...last, ...(list !== undefined && { list }) };
  }

  #forget(path: Path): void {
    for (const [text, { path: inner }] of this.#assigned) {
      if (isWithin(inner, path)) this.#assigned.delete(text);
    }
  }

  /** Reports keys that do not fit; those that a default or an earlier run left behind are removed. */
  #checkKeys(): void {
    for (const { path, choices } of misfits(this.input, this.#schema)) {
      const origin = this.originOf(path);
      const isOfEarlier = choices.length > 0 && origin?.layer === 'run';
      if (origin === undefined || isOfEarlier || !this.isGiven(path)) {
        delete (valueAt(this.input, path.slice(0, -1)) as Record<string, unknown>)[path.at(-1)!];
        continue;
      }
      const chosen = choices.map((choice) => assignmentText(choice, valueAt(this.input, choice)));
      const text =
        chosen.length > 0
          ? `Config key "${pathText(path)}" does not go with ${chosen.join(' and ')}.`
          : unknownKeyText(this.#schema, path);
      this.#problems.push(`${text} (${originText(origin)})`);
    }
  }
}

function defaultSection(schema: JsonSchema | 'open', key: string): unknown {
  const child = schema === 'open' ? 'open' : childSchema(schema, key);
  const value = child === 'open' || child === undefined ? undefined : child.default;
  return isPlainObject(value) ? structuredClone(value) : undefined;
}

/** @throws {ExpError} EXP_CONFIG for what is no value: functions, promises. */
function cloned(value: unknown, path: Path): unknown {
  try {
    return structuredClone(value);
  } catch (error) {
    const what = typeof value === 'function' ? 'a function' : Object.prototype.toString.call(value);
    throw new ExpError(
      'EXP_CONFIG',
      `Config "${pathText(path)}" must be plain data, got ${what}.`,
      { cause: error },
    );
  }
}

/** As it would be written on the command line. */
function assignmentText(path: Path, value: unknown): string {
  return `${pathText(path)}=${typeof value === 'string' ? value : jsonLine(value)}`;
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
