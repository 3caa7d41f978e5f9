import { ExpError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Place } from '../core/place.ts';
import type { Origin } from '../core/run-spec.ts';
import { assignmentsOf, leaves, type Assignment } from './assignment.ts';
import { addSections } from './defaults.ts';
import { ConfigView, type Derivations } from './derive.ts';
import { Draft } from './draft.ts';
import { freezeDeep } from './freeze.ts';
import { isMissing, issuePath, issueText } from './issue.ts';
import { originText } from './origin.ts';
import { pathText } from './path.ts';
import type { JsonSchema } from './json-schema.ts';
import { revive } from './revive.ts';
import { describeSchema, type ConfigSchema, type SchemaIssue } from './schema.ts';

/** A config that the schema accepted. */
export interface Composed {
  /** What the schema was given: assigned and derived values, before defaults and transforms. */
  readonly input: JsonObject;
  /** What user code gets, deeply frozen. */
  readonly config: unknown;
  /** Where the value of every key came from, by its path as text. */
  readonly origins: Readonly<Record<string, Origin>>;
  /** The keys that other values were made from, each with what was made: `derived warmup`. */
  readonly reads: Readonly<Record<string, readonly string[]>>;
}

/** What a config is composed by. */
export interface Rules {
  readonly schema: ConfigSchema | undefined;
  readonly derive?: Derivations;
  /** Where in the user's code they stand; defaults and derived values come from there. */
  readonly place?: Place;
}

/**
 * A layer whose values depend on the config: it is asked with what all other layers say, those
 * before it and those that are plain values alike.
 */
export interface AskedLayer {
  readonly origin: Origin;
  readonly ask: (config: unknown) => unknown;
}

const EMPTY: JsonSchema = { type: 'object', properties: {} };

/** The JSON Schema of a config; that of `{}` where none is declared. */
export function schemaOf(config: ConfigSchema | undefined): JsonSchema {
  return config === undefined ? EMPTY : describeSchema(config);
}

/**
 * Composes a config from layers, each one winning over those before it, derives what nobody set, and
 * validates the whole.
 * @throws {ExpError} EXP_CONFIG with one line for every problem: key, value, expectation, origin.
 */
export async function composeConfig(
  { schema, derive = {}, place }: Rules,
  layers: readonly (readonly Assignment[] | AskedLayer)[],
): Promise<Composed> {
  const described = schemaOf(schema);
  const reads = new Map<string, Set<string>>();
  const viewOf = (draft: Draft, reader?: string): ConfigView =>
    new ConfigView(described, draft, derive, (key, derived) => {
      const by = derived === undefined ? reader! : `derived ${derived}`;
      reads.set(key, (reads.get(key) ?? new Set()).add(by));
    });
  const draft = new Draft(described, await answered(described, viewOf, layers));
  refuseProblems(draft);
  const underivable = applyDerived(viewOf(draft), draft);
  refuseProblems(draft);
  addSections(described, draft.input);
  const config = await validate(schema, draft, underivable);
  const origins = Object.fromEntries(
    leaves(config).map(({ path }) => {
      const origin = draft.originOf(path) ?? { layer: 'default' };
      return [pathText(path), isOfCode(origin) ? { ...origin, ...place } : origin];
    }),
  );
  return {
    input: draft.input as JsonObject,
    config: freezeDeep(config),
    origins,
    reads: Object.fromEntries([...reads].map(([key, by]) => [key, [...by]])),
  };
}

/** The config that the input of a composed one makes, in another process or at another time. */
export async function recompose(
  schema: ConfigSchema | undefined,
  input: unknown,
): Promise<unknown> {
  const given = revive(structuredClone(input), schemaOf(schema));
  const result = await schema?.['~standard'].validate(given);
  if (result?.issues === undefined) return freezeDeep(result === undefined ? input : result.value);
  const lines = result.issues.map((issue) => issueText(issue, input));
  throw new ExpError('EXP_CONFIG', lines.join('\n'));
}

function refuseProblems({ problems }: Draft): void {
  if (problems.length > 0) throw new ExpError('EXP_CONFIG', problems.join('\n'));
}

function isOfCode({ layer, text }: Origin): boolean {
  return layer === 'derived' || (layer === 'default' && text === undefined);
}

/** The assignments of all layers, in order, with those that have to be asked answered. */
async function answered(
  schema: JsonSchema,
  viewOf: (draft: Draft, reader: string) => ConfigView,
  layers: readonly (readonly Assignment[] | AskedLayer)[],
): Promise<Assignment[]> {
  const known = layers.map((layer) => ('ask' in layer ? [] : layer));
  for (const [i, layer] of layers.entries()) {
    if (!('ask' in layer)) continue;
    const draft = new Draft(schema, known.flat());
    if (draft.problems.length > 0) break; // said by whoever uses the assignments
    const { file: _, line: __, ...origin } = layer.origin;
    const values = await layer.ask(viewOf(draft, originText(origin)).config);
    known[i] = assignmentsOf({ values, originOf: () => layer.origin }, schema);
  }
  return known.flat();
}

/** Adds derived values to a draft. Returns why that failed, where it did. */
function applyDerived(view: ConfigView, draft: Draft): ExpError | undefined {
  try {
    draft.assign(view.derived());
    return undefined;
  } catch (error) {
    if (error instanceof ExpError) return error;
    throw error;
  }
}

/** @param underivable is the fault only where the values it was derived from are right. */
async function validate(
  schema: ConfigSchema | undefined,
  draft: Draft,
  underivable: ExpError | undefined,
): Promise<unknown> {
  const { input } = draft;
  const result = await schema?.['~standard'].validate(revive(input, schemaOf(schema)));
  if (result?.issues === undefined) {
    if (underivable !== undefined) throw underivable;
    return result === undefined ? input : result.value;
  }
  const isDerived = (issue: SchemaIssue): boolean =>
    draft.originOf(issuePath(issue))?.layer === 'derived';
  const own = result.issues.filter((issue) => !isDerived(issue));
  if (underivable !== undefined && own.every((issue) => isMissing(issue, input))) throw underivable;
  const issues = own.length > 0 ? own : result.issues;
  const lines = issues.map((issue) => issueText(issue, input, draft.originOf(issuePath(issue))));
  throw new ExpError('EXP_CONFIG', lines.join('\n'));
}
