import { resolve } from 'node:path';
import { randomInt } from 'node:crypto';
import { freezeDeep } from '../config/freeze.ts';
import { leaves } from '../config/assignment.ts';
import { ExpError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { DEFAULT_ROOT, runDir } from '../core/layout.ts';
import type { Objective } from '../core/objective.ts';
import { isExperimentName, makeRunId } from '../core/run-id.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { readGitState } from '../provenance/git.ts';
import { enterScope, Scope, storedScope } from '../scope/scope.ts';
import { projectDir } from '../store/project.ts';
import { endingOf } from './ending.ts';
import { Lifecycle } from './lifecycle.ts';
import type { Run } from './run.ts';
import { makeSinks, sinkNames, type SinkChoice } from './sinks.ts';

export interface OpenRunOptions<Config> {
  /** Names the experiment the run belongs to. */
  readonly name: string;
  /** The config as it is: plain values, recorded with the run. */
  readonly config?: Config;
  readonly seed?: number;
  readonly objective?: Objective;
  readonly sinks?: readonly SinkChoice[];
  /** Where runs are kept; `runs` beside the nearest package.json unless given. */
  readonly root?: string;
  readonly comment?: string;
}

/** A run that its opener ends. */
export interface OpenedRun<Config> extends Run<Config>, AsyncDisposable {
  /** Ends the run as completed or, given an error, as failed. */
  close(error?: unknown): Promise<void>;
}

/**
 * Opens a run around existing code, without decorators: `await using run = await openRun({ name })`.
 * From here to the end of the block, the logger and captured functions belong to it. An error that
 * leaves the block and that nobody catches makes the run failed.
 * @throws {ExpError} EXP_EXPERIMENT for a bad name, EXP_FILE, EXP_SINK.
 */
// Everything up to the end happens before the first await, in the scope of the caller: that is
// what lets the scope entered here still be there once the caller has awaited the result.
export async function openRun<Config extends object = object>(
  options: OpenRunOptions<Config>,
): Promise<OpenedRun<Config>> {
  const { name, config = {}, sinks, root } = options;
  if (!isExperimentName(name)) {
    throw new ExpError(
      'EXP_EXPERIMENT',
      `"${name}" cannot name an experiment. Use letters, digits, dots, dashes and underscores.`,
    );
  }
  const base = root === undefined ? resolve(projectDir(), DEFAULT_ROOT) : resolve(root);
  const id = makeRunId(new Date());
  const git = readGitState(projectDir());
  const values = structuredClone(config) as JsonObject;
  const keys = leaves(values).map(({ path }) => path.join('.'));
  const spec: RunSpec = {
    id,
    experiment: name,
    command: 'main',
    dir: runDir(base, name, id),
    input: values,
    config: values,
    origins: Object.fromEntries(keys.map((key) => [key, { layer: 'api' }])),
    seed: options.seed ?? randomInt(2 ** 31),
    overrides: [],
    sinks: sinkNames(sinks),
    ...(options.comment !== undefined && { comment: options.comment }),
    ...(options.objective !== undefined && { objective: options.objective }),
    ...(git !== undefined && { git }),
  };
  const lifecycle = new Lifecycle(spec, freezeDeep(values), makeSinks(spec.sinks, sinks), {
    endsWithProcess: true,
  });
  const before = storedScope();
  enterScope(Scope.ofAmbientRun(lifecycle.run));
  const close = async (error?: unknown): Promise<void> => {
    enterScope(before);
    await lifecycle.end(error === undefined ? { status: 'completed' } : endingOf(error));
    if (error === undefined) amendIfUncaught(lifecycle);
  };
  return Object.assign(lifecycle.run as Run<Config>, {
    close,
    [Symbol.asyncDispose]: () => close(),
  });
}

/**
 * A block that is left by an error disposes its resources before anyone learns of the error. One
 * that nobody catches ends the process in this very turn, and is then what the run failed of.
 */
function amendIfUncaught(lifecycle: Lifecycle): void {
  if (justClosed.size === 0) {
    process.on('uncaughtExceptionMonitor', amendJustClosed);
    setImmediate(() => {
      process.off('uncaughtExceptionMonitor', amendJustClosed);
      justClosed.clear();
    });
  }
  justClosed.add(lifecycle);
}

// One listener, however many runs a turn closes.
const justClosed = new Set<Lifecycle>();

function amendJustClosed(error: unknown): void {
  for (const lifecycle of justClosed) lifecycle.amend(error);
}
