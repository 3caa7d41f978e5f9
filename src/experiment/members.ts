import type { ConfigSchema } from '../config/schema.ts';
import { processState } from '../core/process-state.ts';

/** What decorators have said about the members of one class. */
export interface Members {
  /** Fields that receive the config, with the schema given there, if any. */
  readonly fields: Map<string, ConfigSchema | undefined>;
  /** Names of methods that are commands. */
  readonly commands: Set<string>;
}

// By decorator metadata in the standard dialect, by prototype in the legacy one.
const known = processState('members', () => new WeakMap<object, Members>());

/** The members recorded under `key`, for a decorator to add to. */
export function membersFor(key: object): Members {
  let members = known.get(key);
  if (members === undefined) {
    known.set(key, (members = { fields: new Map(), commands: new Set() }));
  }
  return members;
}

/** The members of a class and of those it extends; both kinds of key inherit by prototype. */
export function allMembers(...keys: readonly (object | null | undefined)[]): Members {
  const all: Members = { fields: new Map(), commands: new Set() };
  for (const key of keys) {
    for (
      let at: object | null = key ?? null;
      at !== null;
      at = Object.getPrototypeOf(at) as object | null
    ) {
      const members = known.get(at);
      for (const [name, schema] of members?.fields ?? []) {
        if (!all.fields.has(name)) all.fields.set(name, schema);
      }
      for (const name of members?.commands ?? []) all.commands.add(name);
    }
  }
  return all;
}
