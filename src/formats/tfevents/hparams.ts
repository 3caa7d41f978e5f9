import type { Objective } from '../../core/objective.ts';
import type { Parameter } from '../../core/sink.ts';
import type { RunStatus } from '../../core/status.ts';
import { wordFor } from '../../core/special-number.ts';
import { bool, double, int, message, text, type Fields } from './protobuf.ts';
import { NO_TENSOR, type PluginData } from './summary.ts';

// Field numbers are those of tensorboard/plugins/hparams/plugin_data.proto (`HParamsPluginData`,
// `SessionStartInfo`, `SessionEndInfo`), api.proto (`Experiment`, `HParamInfo`, `MetricInfo`) and
// google/protobuf/struct.proto (`Value`, `ListValue`).

/** The tags that TensorBoard looks for. */
export const HPARAMS_TAGS = {
  experiment: '_hparams_/experiment',
  sessionStart: '_hparams_/session_start_info',
  sessionEnd: '_hparams_/session_end_info',
} as const;

const DATA_TYPE = { string: 1, boolean: 2, number: 3 } as const;
const STATUS = { success: 1, failure: 2 } as const;

/** The values of one run. Those that are `null` are left out: TensorBoard leaves their cells empty. */
export function sessionStart(startedAt: number, parameters: readonly Parameter[]): PluginData {
  const hparams = parameters.flatMap(({ key, value }) =>
    value === null ? [] : [message({ 1: text(key), 2: message(valueFields(value)) })],
  );
  return hparamsData({ 3: message({ 1: hparams, 5: double(startedAt) }) });
}

/** How a run ended. What is not completed is a failure: TensorBoard has no other words. */
export function sessionEnd(endedAt: number, status: RunStatus): PluginData {
  const word = status === 'completed' ? STATUS.success : STATUS.failure;
  return hparamsData({ 4: message({ 1: int(word), 2: double(endedAt) }) });
}

/**
 * What there is to compare: every key with its domain and description, and the metrics, the one the
 * sweep is judged by first.
 */
export function experimentInfo(
  startedAt: number,
  parameters: readonly Parameter[],
  objective: Objective | undefined,
  tags: readonly string[],
): PluginData {
  const first = objective === undefined ? [] : [objective.metric];
  const metrics = [...new Set([...first, ...tags])].map((tag) => {
    const isObjective = tag === objective?.metric;
    const description = isObjective ? text(`the objective, to ${objective.direction}`) : undefined;
    return message({ 1: message({ 2: text(tag) }), 4: description });
  });
  const infos = parameters.map((parameter) => message(parameterInfo(parameter)));
  return hparamsData({ 2: message({ 3: double(startedAt), 4: infos, 5: metrics }) });
}

function parameterInfo(parameter: Parameter): Fields {
  const { key, value, description, choices, minimum, maximum, isSwept } = parameter;
  const type = typeof (value ?? choices?.[0] ?? '') as keyof typeof DATA_TYPE;
  const isInterval = choices === undefined && minimum !== undefined && maximum !== undefined;
  const listed = choices ?? (type === 'boolean' ? [true, false] : undefined);
  return {
    1: text(key),
    3: description === undefined ? undefined : text(description),
    4: int(DATA_TYPE[type]),
    5: listed && message({ 1: listed.map((choice) => message(valueFields(choice))) }),
    6: isInterval ? message({ 1: double(minimum), 2: double(maximum) }) : undefined,
    7: isSwept === true ? bool(true) : undefined,
  };
}

function valueFields(value: number | boolean | string): Fields {
  if (typeof value === 'boolean') return { 4: bool(value) };
  // JSON, in which TensorBoard answers, has neither NaN nor infinities.
  const word = typeof value === 'number' ? wordFor(value) : value;
  return word === undefined ? { 2: double(value as number) } : { 3: text(word) };
}

function hparamsData(content: Fields): PluginData {
  return { plugin: 'hparams', content, tensor: NO_TENSOR };
}
