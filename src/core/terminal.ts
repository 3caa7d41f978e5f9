import { processState } from './process-state.ts';

/** A stream as far as it can tell whether a terminal shows it. */
interface MaybeTerminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

// Whoever starts this process and passes its output on to a terminal of its own says so here.
const passedOn = processState('terminal', (): { columns: number | undefined } => ({
  columns: undefined,
}));

/** Says how wide the terminal is that the stdout of this process is passed on to. */
export function setTerminalColumns(columns: number): void {
  passedOn.columns = columns;
}

/** How wide the terminal is that shows what a stream carries; `undefined` if none does. */
export function terminalColumns(stream: MaybeTerminal): number | undefined {
  if (stream.isTTY === true) return stream.columns || 80;
  return stream === process.stdout ? passedOn.columns : undefined;
}
