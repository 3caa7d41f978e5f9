import { ExpError } from '../core/errors.ts';
import { isPlainObject, jsonLine, type JsonObject } from '../core/json.ts';
import type { Origin } from '../core/run-spec.ts';
import { leaves, schemaAt, type Assignment } from './assignment.ts';
import { freezeDeep } from './freeze.ts';
import { describeSchema, type ConfigSchema, type JsonSchema, type SchemaIssue } from './schema.ts';

/** A config that the schema accepted. */
export interface Composed {
  /** What was assigned, before defaults and transforms: composing it again gives the same config. */
  readonly input: JsonObject;
  /** What user code gets, deeply frozen. */
  readonly config: unknown;
  /** Where the value of every key came from, by dotted path. */
  readonly origins: Readonly<Record<string, Origin>>;
}

const EMPTY: JsonSchema = { type: 'object', properties: {} };

/** The JSON Schema of a config; that of `{}` where none is declared. */
export function schemaOf(config: ConfigSchema | undefined): JsonSchema {
  return config === undefined ? EMPTY : describeSchema(config);
}

/**
 * Applies assignments in order, the last one winning, and validates the whole.
 * @throws {ExpError} EXP_CONFIG with one line for every problem: key, value, expectation, origin.
 */
export async function composeConfig(
  schema: ConfigSchema | undefined,
  assignments: readonly Assignment[],
): Promise<Composed> {
  const described = schemaOf(schema);
  const input: Record<string, unknown> = {};
  const assigned = new Map<string, Assignment>();
  for (const assignment of assignments) {
    schemaAt(described, assignment.path);
    assign(input, assignment.path, assignment.value);
    const name = assignment.path.join('.');
    for (const key of assigned.keys()) if (key.startsWith(`${name}.`)) assigned.delete(key);
    assigned.set(name, assignment);
  }
  addSections(described, input);
  const result = await schema?.['~standard'].validate(input);
  if (result?.issues !== undefined) throw invalid(result.issues, input, assigned);
  const config = result === undefined ? input : result.value;
  const origins = Object.fromEntries(
    leaves(config).map(({ path }) => [path.join('.'), originOf(path, assigned)]),
  );
  return { input: input as JsonObject, config: freezeDeep(config), origins };
}

/** Adds the sections nobody mentioned, so that the defaults inside of them hold. */
function addSections(schema: JsonSchema, input: Record<string, unknown>): void {
  for (const name of schema.required ?? []) {
    const section = schema.properties?.[name];
    if (section?.properties === undefined || section.default !== undefined) continue;
    if (!Object.hasOwn(input, name)) define(input, name, {});
    if (isPlainObject(input[name])) addSections(section, input[name]);
  }
}

function originOf(path: readonly string[], assigned: ReadonlyMap<string, Assignment>): Origin {
  for (let end = path.length; end > 0; end--) {
    const assignment = assigned.get(path.slice(0, end).join('.'));
    if (assignment === undefined) continue;
    // A section that was assigned may leave some of its keys to their defaults.
    const isGiven = valueAt(assignment.value, path.slice(end)) !== undefined;
    return isGiven ? assignment.origin : { layer: 'default' };
  }
  return { layer: 'default' };
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, key)
        ? (at as JsonObject)[key]
        : undefined,
    value,
  );
}

function assign(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path as [string, ...string[]];
  if (rest.length === 0) {
    define(target, key, structuredClone(value));
    return;
  }
  const inner = Object.hasOwn(target, key) ? target[key] : undefined;
  const section = isPlainObject(inner) ? inner : {};
  define(target, key, section);
  assign(section, rest, value);
}

// Plain assignment to `__proto__` would change the object's prototype instead of adding a key.
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

function invalid(
  issues: readonly SchemaIssue[],
  input: unknown,
  assigned: ReadonlyMap<string, Assignment>,
): ExpError {
  const lines = issues.map((issue) => {
    const path = (issue.path ?? []).map((part) =>
      String(typeof part === 'object' ? part.key : part),
    );
    const name = path.length === 0 ? 'Config' : `Config "${path.join('.')}"`;
    const value = valueAt(input, path);
    const { layer, text } = originOf(path, assigned);
    const got = value === undefined ? '' : `, got ${jsonLine(value)}`;
    const from = value === undefined ? '' : ` (${text === undefined ? layer : `${layer} ${text}`})`;
    return `${name}: ${issue.message}${got}${from}`;
  });
  return new ExpError('EXP_CONFIG', lines.join('\n'));
}
