import type { Json } from './json.ts';
import type { MediaRecord } from './media.ts';
import type { Objective } from './objective.ts';
import type { Row, Value } from './record.ts';
import type { RunStatus } from './status.ts';

/** One key of the config, and what its schema says of it. */
export interface Parameter {
  /** Dotted: `net.width`. */
  readonly key: string;
  /** A list is its JSON text. */
  readonly value: number | boolean | string | null;
  readonly description?: string;
  /** The values it may take, where they are listed. */
  readonly choices?: readonly (number | boolean | string)[];
  readonly minimum?: number;
  readonly maximum?: number;
  /** True for keys that the sweep of this run varies. */
  readonly isSwept?: boolean;
}

/** What a sink may know of the run it writes for. */
export interface SinkRun {
  readonly id: string;
  readonly experiment: string;
  /** Absolute path of the run's directory; it exists. */
  readonly dir: string;
  /** When this attempt started, in seconds since 1970. */
  readonly startedAt: number;
  /** The config as it is recorded. */
  readonly config: Json;
  readonly parameters: readonly Parameter[];
  readonly objective?: Objective;
  /**
   * Present when the run goes on after an earlier attempt: its next step. What that attempt wrote
   * for this step and later ones is void.
   */
  readonly resumedAt?: number;
  /**
   * Beside `resumedAt`, where it is known: how many records of this sink stand, counted as its
   * `records` counts them, whatever their steps. All later ones are void.
   */
  readonly kept?: number;
  /** Counted from 1, which it is unless given: a run may be started over. */
  readonly attempt?: number;
}

/** How a run, or one attempt of it, ended. */
export interface RunEnding {
  readonly status: RunStatus;
  /** In seconds since 1970. */
  readonly endedAt: number;
  /** The last value of every tag. */
  readonly summary: Readonly<Record<string, Value>>;
  /** What the objective came to, from the result or else from the summary. */
  readonly objective?: number;
}

/**
 * Where rows of one run go. A sink *encodes*; the fan-out buffers, writes, flushes and decides
 * about failures, so a sink holds no timer, no buffer and no file handle.
 *
 * - `open` is called once, before the run starts. If it throws, the run does not start.
 * - `encode` and `write` get batches in the order the rows were logged, one call at a time. Media
 *   come between them, each as soon as it is logged.
 * - If they throw, the batch is kept and offered again, at the next flushes and then every second. A
 *   sink that fails until the run ends, or until too much waits for it, is closed off and the run is
 *   marked degraded. The other sinks never notice.
 */
export interface Sink {
  /** The name of the sink in flags, reports and the manifest. */
  readonly name: string;
  open(run: SinkRun): FileOutput | StreamOutput;
}

/** Names of the sinks that are built in, in the order they are opened. */
export const SINK_NAMES = ['csv', 'jsonl', 'tensorboard', 'artifacts', 'stdout'] as const;

/** The built-in table on stdout with options, as a project file spells it. */
export interface StdoutChoice {
  readonly name: 'stdout';
  /** The least time between two rows, in milliseconds. */
  readonly everyMs?: number;
  /** Significant digits of numbers. */
  readonly digits?: number;
  /** True to print nothing. */
  readonly quiet?: boolean;
}

/** A sink by name, with options where it has any, or one of the user's own. */
export type SinkChoice = (typeof SINK_NAMES)[number] | StdoutChoice | Sink;

/** A file in the run's directory that only grows, but for columns that a CSV gets late. */
export interface FileOutput {
  /**
   * File name inside the run's directory. The fan-out creates it; unless a run is resumed, it must not
   * exist. What an earlier attempt left of it is put aside.
   */
  readonly file: string;
  /** Bytes the file starts with. */
  readonly head?: Uint8Array | string;
  /**
   * How many records it has encoded by now, over all attempts, where it can be cut back to a number of
   * them: a checkpoint keeps it, and the sink of a run that is resumed there gets it as `kept`.
   */
  readonly records?: number;
  /**
   * True for files of earlier attempts that this one takes the place of when a run goes on, by their
   * names: the newest is offered to `reopen`, and all of them are removed once it is written.
   */
  replaces?(name: string): boolean;
  /**
   * For a run that goes on, when an earlier attempt left the file: maps what it holds, as a stream of
   * chunks that can be gone through more than once, to what of it stands. Called before anything is
   * encoded; the file is replaced atomically. A sink without goes on behind whatever is there.
   */
  reopen?(earlier: Iterable<Uint8Array>): Iterable<Uint8Array | string>;
  /**
   * What these rows add to the file. Synchronous, and without effect but on the sink's own memory of
   * what it has encoded, for the bytes are written later.
   */
  encode(rows: readonly Row[]): Encoded;
  /** What a histogram, image or the like adds to the file; a sink without has no use for them. */
  encodeMedia?(record: MediaRecord): Uint8Array | string;
  /** The last bytes of the file. */
  end?(ending: RunEnding): Uint8Array | string;
}

/** What some rows add to the file of a sink. */
export interface Encoded {
  readonly append: Uint8Array | string;
  /**
   * Present in a CSV file when rows have more columns than those before. `append` has all of them
   * already; earlier rows get empty cells. The file is replaced atomically, a large one in the
   * background.
   */
  readonly widen?: NewColumns;
}

/** New columns of a CSV file (RFC 4180, lines end in `\n`), after those that it has. */
export interface NewColumns {
  /** The first record of the file, old columns and new, with its line break. */
  readonly header: string;
  /** How many there are. */
  readonly added: number;
}

/** Any destination that is not a file of the run: a terminal, a service. */
export interface StreamOutput {
  /** True for one that writes files of its own into the run's directory: a ghost run has none. */
  readonly writesFiles?: boolean;
  /** As {@link FileOutput.records}; what is void it has put away when `open` returns. */
  readonly records?: number;
  write(rows: readonly Row[]): void | Promise<void>;
  /** Takes a histogram, image or the like; a sink without has no use for them. */
  writeMedia?(record: MediaRecord): void | Promise<void>;
  close?(ending: RunEnding): void | Promise<void>;
}
