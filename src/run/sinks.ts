import { artifactsSink } from '../../sinks/artifacts.ts';
import { csvSink } from '../../sinks/csv.ts';
import { jsonlSink } from '../../sinks/jsonl.ts';
import { stdoutSink } from '../../sinks/stdout.ts';
import { tensorboardSink } from '../../sinks/tensorboard.ts';
import { ExpError, suggest } from '../core/errors.ts';
import { parseSinkNames } from '../core/sink-names.ts';
import { SINK_NAMES, type Sink, type SinkChoice, type StdoutChoice } from '../core/sink.ts';

const BUILT_IN: Readonly<Record<(typeof SINK_NAMES)[number], (options?: StdoutChoice) => Sink>> = {
  csv: () => csvSink(),
  jsonl: () => jsonlSink(),
  tensorboard: () => tensorboardSink(),
  artifacts: () => artifactsSink(),
  stdout: stdoutSink,
};

/** Sinks of a run unless it is told otherwise. */
const DEFAULT_SINKS: readonly string[] = ['csv', 'tensorboard', 'artifacts', 'stdout'];

/** Who chose the sinks of a run; the first one that does has the say. */
export type SinkAuthority = 'flag' | 'environment' | 'code' | 'project' | 'default';

/** The sinks of a run by name, each once, and who chose them. */
export interface ChosenSinks {
  readonly names: readonly string[];
  readonly by: SinkAuthority;
}

/** What is said about the sinks of a run; the environment may have its say besides. */
export interface SinkSayings {
  readonly flag?: readonly string[] | undefined;
  readonly code?: readonly SinkChoice[] | undefined;
  readonly project?: readonly SinkChoice[] | undefined;
}

/**
 * Decides which sinks a run gets: a flag over `EXP_SINKS`, over code, over the project file.
 * @throws {ExpError} EXP_SINK for `none` beside others.
 */
export function chooseSinks(
  { flag, code, project }: SinkSayings,
  env: NodeJS.ProcessEnv = process.env,
): ChosenSinks {
  const variable = env['EXP_SINKS'];
  if (flag !== undefined) return { names: unique(flag), by: 'flag' };
  if (variable !== undefined && variable.trim() !== '') {
    return { names: parseSinkNames(variable), by: 'environment' };
  }
  if (code !== undefined) return { names: sinkNames(code), by: 'code' };
  if (project !== undefined) return { names: sinkNames(project), by: 'project' };
  return { names: DEFAULT_SINKS, by: 'default' };
}

/**
 * Makes sinks by name; `own` are those the user brings along, and built-in ones with options.
 * @throws {ExpError} EXP_SINK for an unknown name.
 */
export function makeSinks(
  { names, by }: ChosenSinks,
  own: readonly SinkChoice[] = [],
): readonly Sink[] {
  const brought = new Map(
    own.flatMap((choice) => (typeof choice === 'string' ? [] : [[choice.name, choice] as const])),
  );
  return names.map((name) => {
    const mine = brought.get(name);
    if (mine !== undefined && 'open' in mine) return mine;
    const make = (BUILT_IN as Readonly<Record<string, (options?: StdoutChoice) => Sink>>)[name];
    if (make !== undefined && Object.hasOwn(BUILT_IN, name)) return make(mine);
    const known = [...new Set([...SINK_NAMES, ...brought.keys()])];
    const where = by === 'environment' ? ', which EXP_SINKS asks for' : '';
    throw new ExpError('EXP_SINK', `There is no sink "${name}"${where}. ${suggest(name, known)}`);
  });
}

function sinkNames(choices: readonly SinkChoice[]): string[] {
  return unique(choices.map((choice) => (typeof choice === 'string' ? choice : choice.name)));
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
