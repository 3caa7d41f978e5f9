import { artifactsSink } from '../../sinks/artifacts.ts';
import { csvSink } from '../../sinks/csv.ts';
import { stdoutSink } from '../../sinks/stdout.ts';
import { tensorboardSink } from '../../sinks/tensorboard.ts';
import { ExpError, suggest } from '../core/errors.ts';
import { SINK_NAMES, type Sink, type SinkChoice } from '../core/sink.ts';

const BUILT_IN: Readonly<Record<(typeof SINK_NAMES)[number], () => Sink>> = {
  csv: csvSink,
  tensorboard: tensorboardSink,
  artifacts: artifactsSink,
  stdout: stdoutSink,
};

/** Sinks of a run unless it is told otherwise. */
export const DEFAULT_SINKS: readonly string[] = SINK_NAMES;

/** The names of the chosen sinks, each once. */
export function sinkNames(
  choices: readonly SinkChoice[] = DEFAULT_SINKS as SinkChoice[],
): string[] {
  return [...new Set(choices.map((choice) => (typeof choice === 'string' ? choice : choice.name)))];
}

/**
 * Makes sinks by name; `own` are those the user brings along.
 * @throws {ExpError} EXP_SINK for an unknown name.
 */
export function makeSinks(names: readonly string[], own: readonly SinkChoice[] = []): Sink[] {
  const brought = new Map(
    own.filter((choice) => typeof choice !== 'string').map((sink) => [sink.name, sink]),
  );
  return names.map((name) => {
    const sink = brought.get(name) ?? (BUILT_IN as Readonly<Record<string, () => Sink>>)[name]?.();
    if (sink !== undefined) return sink;
    const known = [...DEFAULT_SINKS, ...brought.keys()];
    throw new ExpError('EXP_SINK', `There is no sink "${name}". ${suggest(name, known)}`);
  });
}
