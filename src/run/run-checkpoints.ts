import { dirname, join } from 'node:path';
import { cutBackFiles } from '../artifacts/cut-back.ts';
import { Checkpoints } from '../checkpoint/checkpoints.ts';
import { encode } from '../checkpoint/encode.ts';
import { listCheckpoints, openCheckpoint, type CheckpointInfo } from '../checkpoint/list.ts';
import { DEFAULT_POLICY } from '../checkpoint/policy.ts';
import { restoreInto } from '../checkpoint/restore-into.ts';
import { carriedIn } from '../checkpoint/resume-point.ts';
import { reasonFor } from '../checkpoint/retention.ts';
import type { CheckpointPolicy } from '../core/checkpoint-policy.ts';
import { ExpError } from '../core/errors.ts';
import { attemptDir, checkpointsDir, RUN_DIRS } from '../core/layout.ts';
import type { ResumePoint } from '../core/resume-point.ts';
import type { FanOut } from '../logging/fan-out.ts';
import { warnOnce } from '../logging/text.ts';
import { carriedBy, carryOn } from './carry.ts';
import type { Checkpointing, CheckpointOptions } from './checkpointing.ts';
import { RunInterrupt } from './ending.ts';
import type { Run } from './run.ts';

/** What the checkpoints of a run are made with. */
export interface CheckpointSource {
  readonly run: Run;
  readonly fanOut: FanOut;
  readonly policy?: CheckpointPolicy | undefined;
  readonly resume?: ResumePoint | undefined;
  /** Counted from 1. */
  readonly attempt: number;
}

/** Saves the state of one run and brings it back, with all that the run itself carries on. */
export class RunCheckpoints implements Checkpointing {
  /** Why the next checkpoint ends the run, if it does. */
  preemption: string | undefined;
  readonly #run: Run;
  readonly #fanOut: FanOut;
  readonly #resume: ResumePoint | undefined;
  readonly #policy: CheckpointPolicy;
  readonly #saved: Checkpoints;
  #last: Promise<unknown> = Promise.resolve();
  #hasSaved = false;
  #hasRestored = false;

  constructor({ run, fanOut, policy = DEFAULT_POLICY, resume, attempt }: CheckpointSource) {
    this.#run = run;
    this.#fanOut = fanOut;
    this.#policy = policy;
    this.#resume = resume;
    this.#saved = new Checkpoints(run.dir, policy, warnOnce);
    if (resume?.checkpoint === undefined) return;
    const { checkpoint } = resume;
    // One of another run is where this one begins: it has none of its own yet.
    const isOwn = dirname(checkpoint) === checkpointsDir(run.dir);
    if (isOwn && !this.#isWithin) {
      const aside = attemptDir(run.dir, attempt - 1);
      const last = listCheckpoints(run.dir).find(({ file }) => file === checkpoint);
      this.#saved.goOnFrom(last, join(aside, RUN_DIRS.checkpoints));
      if (resume.files !== undefined) cutBackFiles(run.dir, resume.files, aside);
    }
    if (this.#mustRestore) run.rows.refuse(() => notRestored(resume.step));
  }

  /** The step of the checkpoint that this attempt goes on from. */
  get resumedFrom(): number | undefined {
    return this.#resume?.checkpoint === undefined ? undefined : this.#resume.step;
  }

  /** An attempt that only adds to what is there may do without the state. */
  get #mustRestore(): boolean {
    return this.#resume?.checkpoint !== undefined && !this.#isWithin;
  }

  /** True in a further command of a run that is over, whose checkpoints stay what they are. */
  get #isWithin(): boolean {
    return this.#resume?.kept === 'all';
  }

  /** True once somebody has asked for the end of the run. */
  get isPreempted(): boolean {
    return this.preemption !== undefined;
  }

  /**
   * Asks the next checkpoint to end the run.
   * @returns false for a run that has taken none yet, nor goes on from one, or keeps none: nobody knows
   *   that it ever will.
   */
  preempt(reason: string): boolean {
    this.preemption ??= reason;
    const takesSome = this.#hasSaved || (this.#mustRestore && this.#hasRestored);
    return takesSome && this.#policy.mode !== 'none' && !this.#isWithin;
  }

  /** Waits for what is being saved. */
  async settled(): Promise<void> {
    await this.#last;
  }

  /** @see Run.checkpoint */
  save(state: unknown, options: CheckpointOptions): Promise<CheckpointInfo | undefined> {
    const turn = this.#last.then(() => this.#save(state, options));
    this.#last = turn.catch(() => {}); // whoever asked is told
    return turn;
  }

  /** @see Run.restore */
  async restore(into: unknown): Promise<unknown> {
    const file = this.#resume?.checkpoint;
    if (file === undefined) return undefined;
    const { saved } = openCheckpoint(file);
    const state =
      into === undefined ? await saved.value(saved.state, 'state') : await restoreInto(into, saved);
    if (!this.#hasRestored && this.#resume?.isApart !== true)
      carryOn(this.#run, await carriedIn(saved, file));
    this.#hasRestored = true;
    this.#run.rows.refuse(undefined);
    return state;
  }

  async #save(
    state: unknown,
    { step = Math.max(this.#run.rows.step, 0), metric = this.#judged() }: CheckpointOptions,
  ): Promise<CheckpointInfo | undefined> {
    if (this.#mustRestore && !this.#hasRestored) {
      throw notRestored(this.#resume!.step);
    }
    this.#hasSaved = true;
    const at = { step, metric };
    const info = await this.#put(state, { ...at, force: this.isPreempted });
    // A loop that never yields otherwise hears signals here.
    await new Promise((resolve) => setImmediate(resolve));
    if (this.preemption === undefined) return info;
    if (info === undefined) {
      this.#saved.calls--; // the same call
      await this.#put(state, { ...at, force: true });
    }
    throw new RunInterrupt(this.preemption);
  }

  async #put(
    state: unknown,
    at: { readonly step: number; readonly metric?: number | undefined; readonly force: boolean },
  ): Promise<CheckpointInfo | undefined> {
    if (this.#isWithin) {
      warnOnce(
        'A command that enters a run with --in saves no checkpoints: the run keeps its own.',
      );
    }
    if (this.#run.ghost || this.#isWithin) {
      await encode(state, undefined);
      return undefined;
    }
    const isKept = reasonFor(this.#policy, { call: this.#saved.calls, ...at }, []) !== undefined;
    if (isKept) await this.#fanOut.prepare();
    const context = isKept ? carriedBy(this.#run, this.#fanOut.records()) : undefined;
    return this.#saved.save(state, context, at);
  }

  #judged(): number | undefined {
    const { metric } = this.#policy;
    const value = metric === undefined ? undefined : this.#run.summary[metric];
    return typeof value === 'number' ? value : undefined;
  }
}

function notRestored(step: number): ExpError {
  return new ExpError(
    'EXP_CHECKPOINT',
    `The run was resumed at its checkpoint of step ${step}, and goes on without it: its curves would lie. ` +
      'Call "const state = await run.restore()" before the first row and begin with what it returns, ' +
      'or start the run over: run-exp resume <run> --start-over',
  );
}
