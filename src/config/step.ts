import { ExpError, suggest } from '../core/errors.ts';
import type { Assignment } from './assignment.ts';
import { define, isContainer, own, type Container } from './container.ts';
import { childSchema, propertiesOf, typesOf, type JsonSchema } from './json-schema.ts';
import { pathText, type Path } from './path.ts';

/** One key on the way of an assignment, and what it stands in. */
export interface Step {
  readonly section: Container;
  readonly schema: JsonSchema | 'open';
  /** As the section has it. */
  readonly key: string;
  readonly path: Path;
}

/**
 * Whether the key of a step is there, or declared.
 * @throws {ExpError} EXP_CONFIG if the operation does not make keys.
 */
export function isThere({ section, schema, key, path }: Step, assignment: Assignment): boolean {
  if (Array.isArray(section)) return isItem(section, key, path, assignment);
  const isDeclared = schema !== 'open' && propertiesOf(schema).has(key);
  if (isDeclared || Object.hasOwn(section, key)) return true;
  const { operation } = assignment;
  if (operation === 'change' || operation === 'replace') {
    const known = Object.keys(section);
    const hint = known.length === 0 ? '' : ` ${suggest(key, known)}`;
    throw new ExpError(
      'EXP_CONFIG',
      `Config key "${pathText(path)}" does not exist.${hint} ` +
        `To add it to the open section, write +${pathText(assignment.path)}=...`,
    );
  }
  return false;
}

function isItem(list: unknown[], key: string, path: Path, { operation }: Assignment): boolean {
  const index = Number(key);
  if (index >= 0 && index < list.length) return true;
  if (operation !== 'add') {
    throw new ExpError(
      'EXP_CONFIG',
      `Config key "${pathText(path)}" does not exist: the list has ${list.length} items. ` +
        `To add one, write +${nextItem(list, path)}=...`,
    );
  }
  if (index !== list.length) throw notAtTheEnd(list, path);
  return false;
}

/** The error for adding what is there. */
export function thereAlready({ section, path }: Step): ExpError {
  if (Array.isArray(section)) return notAtTheEnd(section, path);
  const name = pathText(path);
  return new ExpError(
    'EXP_CONFIG',
    `Config key "${name}" is there already. To change it, write ${name}=...`,
  );
}

function notAtTheEnd(list: unknown[], path: Path): ExpError {
  return new ExpError(
    'EXP_CONFIG',
    `Config list items are added at the end: write +${nextItem(list, path)}=..., ` +
      `not +${pathText(path)}=...`,
  );
}

function nextItem(list: unknown[], path: Path): string {
  return pathText([...path.slice(0, -1), String(list.length)]);
}

/**
 * The section or list a step leads to, made from its default if it is not there.
 * @throws {ExpError} EXP_CONFIG for a list that is not there and has no default.
 */
export function enter(step: Step): Container {
  const { section, key, path } = step;
  const there = own(section, key);
  if (isContainer(there)) return there;
  const child = childOf(step);
  const start = child === 'open' ? undefined : structuredClone(child.default);
  if (!isContainer(start) && child !== 'open' && typesOf(child).includes('array')) {
    const name = pathText(path);
    throw new ExpError(
      'EXP_CONFIG',
      `Config "${name}" has no items yet: write the whole list, as in ${name}=[1,2].`,
    );
  }
  const made = isContainer(start) ? start : {};
  define(section, key, made);
  return made;
}

/** The schema of what a step leads to. */
export function childOf({ schema, key }: Step): JsonSchema | 'open' {
  return schema === 'open' ? 'open' : (childSchema(schema, key) ?? 'open');
}
