import { constants } from 'node:os';
import type { Exit } from './worker.ts';

/** What shells add to the number of the signal that has ended their program. */
const BY_SIGNAL = 128;

/** What is known besides of the end of a process. */
export interface LastTraces {
  /** What it wrote last to stderr. */
  readonly lastWords?: string | undefined;
  /** What V8 wrote as it gave up. */
  readonly fatalError?: string | undefined;
  /** Whether the kernel has killed a process for want of memory meanwhile, where it tells. */
  readonly hadMemoryKill?: boolean | undefined;
}

/** Why a process ended, in words. */
export function exitReason(exit: Exit, traces: LastTraces): string {
  const { code, signal } = exit;
  const { lastWords, fatalError, hadMemoryKill } = traces;
  const isAborted = signal === 'SIGABRT' || code === BY_SIGNAL + constants.signals.SIGABRT;
  if (isAborted && fatalError?.includes('heap out of memory') === true) {
    const more = 'Give it more, in MB: NODE_OPTIONS=--max-old-space-size=8192';
    return `out of memory: the heap of JavaScript was full (SIGABRT). ${more}`;
  }
  if (isKill(exit) && hadMemoryKill === true) {
    const less = 'Start fewer runs at once, or give each less to hold';
    return `out of memory: killed by the kernel (SIGKILL). ${less}`;
  }
  if (signal !== null) {
    const isUnclear = signal === 'SIGKILL' && hadMemoryKill === undefined;
    const who = isUnclear ? ', by someone or by the kernel for want of memory' : '';
    return `killed by ${signal} (signal ${constants.signals[signal]})${who}`;
  }
  return `the process ended with exit code ${code}${lastWords === undefined ? '' : `: ${lastWords}`}`;
}

/** True for a process that SIGKILL has ended, or a shell that says so of its program. */
export function isKill({ code, signal }: Exit): boolean {
  return signal === 'SIGKILL' || code === BY_SIGNAL + constants.signals.SIGKILL;
}
