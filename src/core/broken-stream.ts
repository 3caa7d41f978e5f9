import { processState } from './process-state.ts';

/** What a stream that may break has of an EventEmitter. */
interface Breakable {
  on?(event: 'error', listener: (error: Error) => void): unknown;
}

const seen = processState('broken-streams', () => new WeakMap<object, { error?: Error }>());

/**
 * The error that a stream had, if it had one. From the first time it is asked for, an error of the
 * stream does not end the process: whoever reads the output and goes away (`| head`) costs the output
 * alone.
 */
export function brokenBy(stream: object): Error | undefined {
  let state = seen.get(stream);
  if (state === undefined) {
    const made: { error?: Error } = {};
    seen.set(stream, (state = made));
    (stream as Breakable).on?.('error', (error) => (made.error ??= error));
  }
  return state.error;
}
