import { isPlainObject } from '../core/json.ts';
import { processState } from '../core/process-state.ts';
import type { RunContext } from '../core/run-context.ts';
import { tryCurrentScope } from '../scope/scope.ts';
import { allMembers } from './members.ts';

/** What a `@config` field called `name` gets: the section of that name, or else the whole config. */
function configField(config: unknown, name: string): unknown {
  if (name === 'config' || !isPlainObject(config) || !Object.hasOwn(config, name)) return config;
  return config[name];
}

/**
 * Makes a field of an instance show the config. The instance keeps that of the run it is made in,
 * there and in runs inside of it; in any other run it shows the one of that run, so that instances
 * may outlive runs. Outside of runs before that it shows its initial value.
 */
export function bindConfigField(instance: object, name: string): void {
  const initial = (instance as Record<string, unknown>)[name];
  const home = tryCurrentScope()?.run;
  const get = (): unknown => {
    const run = isInside(home) ? home : tryCurrentScope()?.run;
    return run === undefined ? initial : configField(run.config, name);
  };
  const set = (value: unknown): void => {
    Object.defineProperty(instance, name, { value, writable: true });
  };
  Object.defineProperty(instance, name, { get, set, enumerable: true, configurable: true });
}

/** True in a run, in the runs inside of it, and outside of all runs. */
function isInside(run: RunContext | undefined): boolean {
  let scope = tryCurrentScope();
  if (scope === undefined) return true;
  while (scope !== undefined && scope.run !== run) scope = scope.outer;
  return scope !== undefined;
}

const bound = processState('config-fields', () => new WeakSet<object>());

/** Binds the fields that legacy decorators could only mark, since they never see an instance. */
export function fillConfigFields(instance: unknown): void {
  if (typeof instance !== 'object' || instance === null || bound.has(instance)) return;
  bound.add(instance);
  for (const name of allMembers(instance).fields.keys()) bindConfigField(instance, name);
}
