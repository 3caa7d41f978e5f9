import { processState } from '../core/process-state.ts';
import type { RunContext } from '../core/run-context.ts';
import { tryCurrentScope } from '../scope/scope.ts';
import type { OutputLog } from './output-log.ts';

type StreamName = 'stdout' | 'stderr';
type Write = NodeJS.WriteStream['write'];

interface Capture {
  readonly logs: Map<RunContext, OutputLog>;
  /** True while a write is under way: what it leads to is not captured again. */
  isBusy: boolean;
  /** Puts back what was there before us. */
  restore: () => void;
}

const capture = processState('output-capture', (): Capture => ({
  logs: new Map(),
  isBusy: false,
  restore: () => {},
}));

/**
 * Copies what the code of a run writes to `process.stdout` and `process.stderr` to its output log,
 * until {@link releaseOutput}. The scope says whose code it is, so any number of runs may be under
 * way in one process, and what belongs to none of them is copied nowhere. What native code and other
 * processes write to the descriptors does not pass here; run-exp, which has them as pipes, sees it.
 */
export function captureOutput(run: RunContext, log: OutputLog): void {
  if (capture.logs.size === 0) capture.restore = patchStreams();
  capture.logs.set(run, log);
}

/** Ends what {@link captureOutput} began; with the last run the streams are as they were. */
export function releaseOutput(run: RunContext): void {
  if (capture.logs.delete(run) && capture.logs.size === 0) capture.restore();
}

/** The output log of the run whose code this is, if its output is captured in this process. */
export function currentOutputLog(): OutputLog | undefined {
  if (capture.logs.size === 0) return undefined;
  const run = tryCurrentScope()?.run;
  return run === undefined ? undefined : capture.logs.get(run);
}

/** Writes to a stream of the process, past every output log. */
export function writeUncaptured(stream: StreamName, text: string): void {
  const wasBusy = capture.isBusy;
  capture.isBusy = true;
  try {
    process[stream].write(text);
  } finally {
    capture.isBusy = wasBusy;
  }
}

function patchStreams(): () => void {
  const restores = (['stdout', 'stderr'] as const).map(patch);
  return () => restores.forEach((restore) => restore());
}

function patch(name: StreamName): () => void {
  const stream = process[name];
  const original = stream.write;
  const isOwn = Object.hasOwn(stream, 'write');
  const write = function (this: unknown, ...args: Parameters<Write>): boolean {
    if (capture.isBusy) return Reflect.apply(original, stream, args);
    capture.isBusy = true;
    try {
      const [chunk, encoding] = args as readonly unknown[];
      currentOutputLog()?.write(name, bytesOf(chunk, encoding));
      return Reflect.apply(original, stream, args);
    } finally {
      capture.isBusy = false;
    }
  } as Write;
  stream.write = write;
  return () => {
    // Whoever has put another one on top of ours keeps it; ours then only passes on.
    if (stream.write !== write) return;
    if (isOwn) stream.write = original;
    else Reflect.deleteProperty(stream, 'write');
  };
}

function bytesOf(chunk: unknown, encoding: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  const known = typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8';
  // Anything else is refused by the stream itself.
  return Buffer.from(typeof chunk === 'string' ? chunk : '', known);
}
