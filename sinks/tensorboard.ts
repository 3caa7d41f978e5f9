import { jsonText } from '../src/core/json.ts';
import { eventFile, eventFileEnd, isEventFile } from '../src/core/layout.ts';
import { perTags } from '../src/core/per-tags.ts';
import type { Row, Value } from '../src/core/record.ts';
import type { FileOutput, RunEnding, Sink, SinkRun } from '../src/core/sink.ts';
import { SYSTEM_PREFIX } from '../src/core/tag.ts';
import { codeBlock } from '../src/formats/markdown.ts';
import {
  encodeFileVersion,
  encodeScalars,
  encodeSessionLog,
  scalarHead,
} from '../src/formats/tfevents/event.ts';
import {
  experimentInfo,
  HPARAMS_TAGS,
  sessionEnd,
  sessionStart,
} from '../src/formats/tfevents/hparams.ts';
import { peekEvent, splitFrames, type PeekedEvent } from '../src/formats/tfevents/read.ts';
import { frameRecord } from '../src/formats/tfevents/record.ts';
import {
  encodeSummary,
  pluginData,
  pluginOf,
  textData,
  type PluginData,
} from '../src/formats/tfevents/summary.ts';
import { TagOwners } from '../src/formats/tfevents/tag-owners.ts';

/** What the event file has beside rows and media. */
export interface TensorboardOptions {
  /**
   * Describes the experiment for the HParams page: what the schema says of every key, and the objective
   * as the first metric. Without it TensorBoard gathers keys, domains and metrics from the runs. With it,
   * TensorBoard takes the first description that it finds below its log directory for all runs there, and
   * leaves out keys and metrics that it does not name: use it where one experiment stands alone. The
   * metrics are those of the first rows. Default false.
   */
  readonly describeExperiment?: boolean;
}

/**
 * Writes a TensorBoard event file: the numbers of every row, one event a row, and every histogram, image,
 * video, sound, text and table; the config as text; the parameters and the end of the run for the HParams
 * page. Booleans count as 0 and 1; text in rows has no place among scalars and is left to the CSV.
 */
export function tensorboardSink(options: TensorboardOptions = {}): Sink {
  return { name: 'tensorboard', open: (run) => openEvents(run, options) };
}

const CONFIG_TAG = 'config';

function openEvents(run: SinkRun, options: TensorboardOptions): FileOutput {
  const owners = new TagOwners();
  const heads = new Map<string, Uint8Array>();
  let lastStep = 0;
  let records = 0;
  let isDescribed = options.describeExperiment !== true;

  const headOf = (tag: string): Uint8Array => {
    let head = heads.get(tag);
    if (head === undefined) heads.set(tag, (head = scalarHead(owners.claim(tag, 'scalars'))));
    return head;
  };
  const headsOf = perTags((tags) => {
    const known: (Uint8Array | undefined)[] = [];
    return (i: number) => (known[i] ??= headOf(tags[i]!));
  });
  /** The description of the experiment, once: the metrics are what has been logged by then. */
  const description = (): Buffer => {
    if (isDescribed) return Buffer.alloc(0);
    isDescribed = true;
    // What the machine does is no result of the experiment.
    const metrics = [...heads.keys()].filter((tag) => !tag.startsWith(`${SYSTEM_PREFIX}/`));
    const info = experimentInfo(run.startedAt, run.parameters, run.objective, metrics);
    return hparamsEvent(run.startedAt, HPARAMS_TAGS.experiment, info);
  };

  const start = head(run, owners);
  return {
    file: eventFile(run.startedAt, run.id),
    head: start,
    get records() {
      return records;
    },
    replaces: (name) => isEventFile(name) && name.endsWith(eventFileEnd(run.id)),
    // All that stands, in a file of this attempt: whoever watches the directory reads it from its
    // start, which voids what he has read, and finds one curve.
    *reopen(earlier) {
      yield start;
      for (const { frame, event } of standing(earlier, run)) {
        for (const { tag, plugin } of event.values) {
          owners.restore(tag, plugin);
          if (plugin === 'scalars') headOf(tag);
        }
        records++;
        lastStep = event.step;
        yield frame;
      }
    },
    encode(rows) {
      const events = rows.map((row) => encodeRow(row, headsOf(row.tags)));
      records += events.filter(({ length }) => length > 0).length;
      lastStep = rows.at(-1)?.step ?? lastStep;
      return { append: Buffer.concat([...events, description()]) };
    },
    encodeMedia({ tag, step, wallTime, media }) {
      const owned = owners.claim(tag, pluginOf(media));
      records++;
      return frameRecord(encodeSummary(wallTime, step, owned, pluginData(media)));
    },
    end: (ending) =>
      Buffer.concat([objectiveEvent(run, ending, lastStep, headOf), description(), end(ending)]),
  };
}

function head(run: SinkRun, owners: TagOwners): Buffer {
  const { startedAt, config, parameters } = run;
  const records = [
    frameRecord(encodeFileVersion(startedAt)),
    // In the first attempt as well: TensorBoard takes the second one for a restart.
    frameRecord(encodeSessionLog(startedAt, 0)),
  ];
  if (parameters.length > 0) {
    const text = textData(codeBlock('json', jsonText(config)));
    const tag = owners.claim(CONFIG_TAG, 'text');
    records.push(frameRecord(encodeSummary(startedAt, 0, tag, text)));
  }
  records.push(
    hparamsEvent(startedAt, HPARAMS_TAGS.sessionStart, sessionStart(startedAt, parameters)),
  );
  return Buffer.concat(records);
}

/** The records of an earlier attempt that still count. */
function* standing(
  earlier: Iterable<Uint8Array>,
  { resumedAt = Infinity, kept }: SinkRun,
): Generator<{ readonly frame: Buffer; readonly event: PeekedEvent }> {
  let records = 0;
  for (const frame of splitFrames(earlier)) {
    const event = peekEvent(frame);
    if (!isLogged(event)) continue;
    if (kept === undefined ? event.step >= resumedAt : records >= kept) continue;
    records++;
    yield { frame, event };
  }
}

/** True for rows and media, not for what stands at the start and the end of an attempt. */
function isLogged({ values }: PeekedEvent): boolean {
  const [first] = values;
  if (first === undefined || first.plugin === 'hparams') return false;
  return first.tag !== CONFIG_TAG || first.plugin !== 'text';
}

function end({ endedAt, status }: RunEnding): Buffer {
  return hparamsEvent(endedAt, HPARAMS_TAGS.sessionEnd, sessionEnd(endedAt, status));
}

/** What the objective came to, where no tag has its name: the HParams page knows scalars only. */
function objectiveEvent(
  run: SinkRun,
  { endedAt, objective, summary }: RunEnding,
  step: number,
  headOf: (tag: string) => Uint8Array,
): Buffer {
  const metric = run.objective?.metric;
  const isLogged = metric === undefined || Object.hasOwn(summary, metric);
  if (isLogged || objective === undefined) return Buffer.alloc(0);
  return frameRecord(encodeScalars(endedAt, step, [headOf(metric)], [objective]));
}

function hparamsEvent(wallTime: number, tag: string, data: PluginData): Buffer {
  return frameRecord(encodeSummary(wallTime, 0, tag, data));
}

function encodeRow(row: Row, headAt: (i: number) => Uint8Array): Buffer {
  const heads: Uint8Array[] = [];
  const values: number[] = [];
  for (let i = 0; i < row.values.length; i++) {
    const number = scalar(row.values[i]!);
    if (number === undefined) continue;
    heads.push(headAt(i));
    values.push(number);
  }
  if (values.length === 0) return Buffer.alloc(0);
  return frameRecord(encodeScalars(row.wallTime, row.step, heads, values));
}

function scalar(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'boolean' || typeof value === 'bigint' ? Number(value) : undefined;
}
