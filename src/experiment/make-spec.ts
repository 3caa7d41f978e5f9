import type { Entry } from '../capture/entry.ts';
import { defaultsInUse, originOfDefault } from '../capture/function-defaults.ts';
import type { Composed } from '../config/compose.ts';
import { complete } from '../config/defaults.ts';
import { configHash } from '../config/hash.ts';
import type { JsonSchema } from '../config/json-schema.ts';
import { toJson } from '../core/json.ts';
import { runDir } from '../core/layout.ts';
import type { Origin, RunSpec } from '../core/run-spec.ts';
import { plannedSettings } from '../run/run-settings.ts';
import type { ChosenSinks } from '../run/sinks.ts';
import type { Definition } from './definition.ts';
import { forkSpec } from './fork.ts';
import type { RunRequest } from './requests.ts';
import type { RootSeed } from './root-seed.ts';

/** What a run is made of besides its config. */
interface Planned {
  readonly definition: Definition;
  readonly request: RunRequest;
  readonly schema: JsonSchema;
  readonly sinks: ChosenSinks;
}

/** The run that a composed config makes. */
export function makeSpec(
  { definition, request, schema, sinks }: Planned,
  composed: Composed,
  seed: RootSeed,
  id: string,
): RunSpec {
  const { root, file, name, comment, parent, git, from, fork, with: chosen = [] } = request;
  const { checkpoint, grace } = request;
  const flagged = {
    ...(checkpoint !== undefined && { checkpoint }),
    ...(grace !== undefined && { grace }),
  };
  const config = toJson(composed.config);
  const dir = runDir(root, definition.name, id);
  const hash = configHash(config);
  const untransformed = toJson(complete(schema, composed.input));
  const running = { experiment: definition.name, command: request.command ?? 'main' };
  return {
    id,
    ...running,
    ...(file !== undefined && { file }),
    dir,
    input: composed.input,
    config,
    ...(configHash(untransformed) !== hash && { untransformed }),
    configHash: hash,
    origins: {
      ...composed.origins,
      ...functionOrigins(schema, composed.config, running),
      seed: seed.origin,
    },
    reads: composed.reads,
    seed: seed.value,
    ...(request.ghost === true && { ghost: true }),
    overrides: request.overrides ?? [],
    sinks: sinks.names,
    ...plannedSettings({ ...definition, ...flagged }, request.systemMetrics),
    ...(name !== undefined && { name }),
    ...(comment !== undefined && { comment }),
    ...(parent !== undefined && { parent }),
    ...(git !== undefined && { git }),
    ...(from !== undefined && { from: from.id }),
    ...(fork !== undefined && forkSpec(fork, dir, config)),
    ...(chosen.length > 0 && { with: chosen }),
  };
}

function functionOrigins(
  schema: JsonSchema,
  config: unknown,
  running: Entry,
): Record<string, Origin> {
  const inUse = [...defaultsInUse(schema, config, running)];
  return Object.fromEntries(inUse.map(([key, one]) => [key, originOfDefault(one)]));
}
