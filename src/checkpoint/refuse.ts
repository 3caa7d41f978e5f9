import { types } from 'node:util';
import { ExpError } from '../core/errors.ts';
import { pathText, type Path } from './path.ts';

/** Refuses a part of a state. @throws {ExpError} EXP_CHECKPOINT */
export function refuse(path: Path, what: string): never {
  throw new ExpError(
    'EXP_CHECKPOINT',
    `${pathText(path)} ${what}. Leave it out of the state, or save what it is made of.`,
  );
}

/** Refuses an instance of a class that nothing is known of. @throws {ExpError} EXP_CHECKPOINT */
export function refuseClass(value: object, path: Path): never {
  if (types.isPromise(value)) refuse(path, 'is a promise; await it before');
  const name = (value.constructor as { name?: string } | undefined)?.name ?? 'a class';
  refuse(
    path,
    `is an instance of ${name}, which says nothing about how it is saved. Give the class the methods ` +
      'toCheckpoint(), which returns what to save, and fromCheckpoint(saved); or register a codec with ' +
      'registerCheckpointCodec()',
  );
}

/** The key of a map, in a path. */
export function keyText(key: unknown): string {
  return typeof key === 'string' || typeof key === 'number' ? String(key) : `a ${typeof key}`;
}
