import { messageOf } from '../core/errors.ts';
import type { Backend } from '../core/manifest.ts';
import { PREEMPTING } from '../core/preemption.ts';
import { processState } from '../core/process-state.ts';
import type { Ending } from './ending.ts';

/** A run that must not be forgotten when the process ends. */
export interface OpenRun {
  readonly id: string;
  /** The run it was started in. */
  readonly parent: string | undefined;
  /** An uncaught error ends the process: it is what the run failed of. */
  fail(error: unknown): void;
  /** Ends the run synchronously; the process has no time left. */
  endNow(ending: Ending | undefined): void;
  /** Has the next checkpoint end the run; false for one that may never come to it. */
  preempt(reason: string): boolean;
  /** Seconds that it has for that. */
  readonly grace: number;
  /** Keeps in the manifest what computes in this process. */
  noteBackend(backend: Backend): void;
  /** Keeps in the manifest that another run was started inside of this one. */
  noteChild(id: string): void;
}

const SIGNALS = ['SIGINT', 'SIGHUP'] as const;

/** One set and one handler per event, however many runs are open. */
const openRuns = processState('open-runs', () => new Set<OpenRun>());

const started = processState('started-runs', () => ({ count: 0 }));

/** How many runs this process has started so far. */
export function startedRuns(): number {
  return started.count;
}

/** Counts runs that this process has others execute. */
export function noteStartedRuns(): void {
  started.count++;
}

/** The runs that are open in this process. */
export function openRunsNow(): Iterable<OpenRun> {
  return openRuns;
}

export function addOpenRun(run: OpenRun): void {
  started.count++;
  if (openRuns.size === 0) watch(true);
  openRuns.add(run);
}

export function removeOpenRun(run: OpenRun): void {
  openRuns.delete(run);
  if (openRuns.size === 0) watch(false);
}

/** Ends every open run at once, as interrupted. */
export function interruptOpenRuns(reason: string): void {
  endAll({ status: 'interrupted', reason });
}

function endAll(ending: Ending | undefined): void {
  // A set may lose members while it is walked: each run takes itself out.
  for (const run of openRuns) {
    try {
      run.endNow(ending);
    } catch (error) {
      // A run whose directory is gone must not keep the others from their ends.
      process.stderr.write(`exptools: the end of a run is not recorded: ${messageOf(error)}\n`);
    }
  }
}

function watch(on: boolean): void {
  const change = on ? process.on.bind(process) : process.off.bind(process);
  for (const signal of SIGNALS) change(signal, handlers.onSignal);
  // Before handlers of the user's own, which may end the process.
  const first = on ? process.prependListener.bind(process) : process.off.bind(process);
  for (const signal of PREEMPTING) first(signal, handlers.onPreempt);
  if (!on) clearTimeout(preemption.timer);
  if (!on) preemption.timer = undefined;
  change('uncaughtExceptionMonitor', handlers.onUncaught);
  change('exit', handlers.onExit);
}

// Shared, so that one copy of the package can take away what another one added.
const handlers = processState('open-run-handlers/2', () => ({
  onSignal,
  onPreempt,
  onUncaught,
  onExit,
}));

/** Running while runs get to their last checkpoints. */
const preemption = processState('preemption', (): { timer: NodeJS.Timeout | undefined } => ({
  timer: undefined,
}));

/** Lets runs that take checkpoints get to their next one; the second signal ends them at once. */
function onPreempt(signal: NodeJS.Signals): void {
  if (preemption.timer !== undefined) return handlers.onSignal(signal);
  const patient = [...openRuns].filter((run) => run.preempt(`stopped by ${signal}`));
  if (patient.length === 0) return handlers.onSignal(signal);
  // One that waits for a patient run inside of it would take that along.
  const staying = withOuter(patient);
  for (const run of openRuns) {
    if (!staying.has(run)) run.endNow({ status: 'interrupted', reason: signal });
  }
  const graceMs = Math.max(...patient.map(({ grace }) => grace)) * 1000;
  // A process that has nothing left to do need not wait for it.
  preemption.timer = setTimeout(() => handlers.onSignal(signal), graceMs).unref();
}

/** These runs, and those they were started in. */
function withOuter(runs: readonly OpenRun[]): ReadonlySet<OpenRun> {
  const byId = new Map([...openRuns].map((run) => [run.id, run]));
  const all = new Set(runs);
  // Those that are added on the way have their turn, too.
  for (const { parent = '' } of all) {
    const outer = byId.get(parent);
    if (outer !== undefined) all.add(outer);
  }
  return all;
}

function onSignal(signal: NodeJS.Signals): void {
  interruptOpenRuns(signal);
  watch(false);
  // With our handler gone the signal does what it does, and whoever waits for us sees the true
  // reason; unless the user has a handler, which decides.
  // By itself Node would start its debugger at the other one.
  const last = signal === 'SIGUSR1' ? 'SIGTERM' : signal;
  if (process.listenerCount(signal) === 0) process.kill(process.pid, last);
}

function onUncaught(error: Error): void {
  for (const run of openRuns) run.fail(error);
}

function onExit(): void {
  endAll(undefined);
}
