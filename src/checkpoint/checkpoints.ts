import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ExpError, messageOf } from '../core/errors.ts';
import {
  checkpointFile,
  checkpointsDir,
  checkpointStep,
  checkpointTemporary,
  isCheckpointTemporary,
} from '../core/layout.ts';
import { wordFor } from '../core/special-number.ts';
import { ensureDir } from '../files/create-dir.ts';
import { encode, type Encoded } from './encode.ts';
import { listCheckpoints, type CheckpointInfo, type CheckpointReason } from './list.ts';
import type { CheckpointPolicy } from '../core/checkpoint-policy.ts';
import { reasonFor, superfluous } from './retention.ts';
import { writeCheckpoint } from './write-file.ts';

/** What a checkpoint is of. */
export interface CheckpointAt {
  readonly step: number;
  /** What `best` judges by, as it is now. */
  readonly metric?: number | undefined;
  /** Saves whatever the mode but `none`, since the run is about to be ended. */
  readonly force?: boolean | undefined;
}

/** Saves the checkpoints of one run, which nobody else does meanwhile, and removes what its policy drops. */
export class Checkpoints {
  /** How many were asked for so far, over all attempts; set it when a run is resumed. */
  calls = 0;
  readonly #runDir: string;
  readonly #policy: CheckpointPolicy;
  readonly #warn: (text: string) => void;
  /** What is on the disk: nobody else writes there, and reading it again would cost more each time. */
  #saved: readonly CheckpointInfo[] | undefined;
  #isClean = false;
  #hasWarned = false;

  /** @param policy one that `checkPolicy` has seen. */
  constructor(runDir: string, policy: CheckpointPolicy, warn: (text: string) => void) {
    this.#runDir = runDir;
    this.#policy = policy;
    this.#warn = warn;
  }

  /**
   * Saves a state, and what the run keeps for itself, if the policy keeps any of this call. Where no
   * codec or hook is asynchronous all is saved before this returns its promise. Those that the policy
   * drops are removed once it is on the disk.
   * @returns `undefined` if the policy keeps none of this call.
   * @throws {ExpError} EXP_CHECKPOINT for a state that cannot be saved, and where the disk takes no
   * more; the checkpoints before are as they were.
   */
  async save(
    state: unknown,
    context: unknown,
    at: CheckpointAt,
  ): Promise<CheckpointInfo | undefined> {
    const call = this.calls++;
    if (!Number.isSafeInteger(at.step)) {
      throw new ExpError(
        'EXP_CHECKPOINT',
        `A checkpoint has a whole number as its step, got ${shownStep(at.step)}.`,
      );
    }
    this.#checkMetric(at);
    if (reasonFor(this.#policy, { call, ...at }, []) === undefined) return undefined;
    const encoded = encode(state, context);
    return encoded instanceof Promise
      ? this.#write(await encoded, call, at)
      : this.#write(encoded, call, at);
  }

  /**
   * Goes on from a checkpoint of this run: what was saved after it belongs to a future that is not going
   * to happen, and is put aside, the damaged ones too. Without one all stays, and calls count on.
   * @param aside absolute path of a directory on the same file system; made when it is needed.
   */
  goOnFrom(info: CheckpointInfo | undefined, aside: string): void {
    const saved = listCheckpoints(this.#runDir);
    this.#saved = undefined;
    const last = saved.findIndex(({ file }) => file === info?.file);
    this.calls = (saved.at(last)?.call ?? -1) + 1;
    if (last < 0) return;
    const dir = checkpointsDir(this.#runDir);
    const stays = new Set(saved.slice(0, last + 1).map(({ file }) => file));
    for (const name of readdirSync(dir)) {
      const file = join(dir, name);
      if (checkpointStep(name) === undefined || stays.has(file)) continue;
      ensureDir(aside);
      renameSync(file, join(aside, name));
    }
  }

  #write(encoded: Encoded, call: number, at: CheckpointAt): CheckpointInfo {
    const { step, metric } = at;
    const before = (this.#saved ??= listCheckpoints(this.#runDir));
    const reason = reasonFor(this.#policy, { call, ...at }, before)!;
    const judged = metric === undefined || Number.isNaN(metric) ? undefined : metric;
    const facts = { step, call, savedAt: new Date().toISOString(), reason };
    const { file, bytes } = this.#put(encoded, {
      ...facts,
      ...(judged !== undefined && { metric: wordFor(judged) ?? judged }),
    });
    const info = { file, ...facts, bytes, ...(judged !== undefined && { metric: judged }) };
    const saved = [...this.#saved, info];
    const gone = new Set(superfluous(this.#policy, saved));
    this.#saved = saved.filter((one) => !gone.has(one));
    for (const { file: old } of gone) this.#remove(old);
    return info;
  }

  #put(
    encoded: Encoded,
    info: { readonly step: number; readonly reason: CheckpointReason },
  ): { file: string; bytes: number } {
    const dir = checkpointsDir(this.#runDir);
    try {
      ensureDir(dir);
      this.#clean(dir);
      const name = freeName(dir, info.step);
      const file = join(dir, name);
      const temporary = join(dir, checkpointTemporary(name, process.pid));
      return { file, bytes: writeCheckpoint(file, temporary, info, encoded) };
    } catch (error) {
      throw new ExpError(
        'EXP_CHECKPOINT',
        `Cannot save a checkpoint of step ${info.step} in "${dir}": ${messageOf(error)}. ` +
          'The checkpoints before it are as they were.',
        { cause: error },
      );
    }
  }

  /** Removes what processes that were killed have left. */
  #clean(dir: string): void {
    if (this.#isClean) return;
    for (const name of readdirSync(dir)) {
      if (isCheckpointTemporary(name)) this.#remove(join(dir, name));
    }
    this.#isClean = true;
  }

  #remove(file: string): void {
    try {
      rmSync(file, { force: true });
    } catch (error) {
      this.#warn(`The checkpoint "${file}" cannot be removed: ${messageOf(error)}`);
    }
  }

  #checkMetric({ step, metric }: CheckpointAt): void {
    if (this.#policy.mode !== 'best' || metric !== undefined || this.#hasWarned) return;
    this.#hasWarned = true;
    this.#warn(
      `The checkpoint of step ${step} cannot be judged: "${this.#policy.metric}" has no value yet. ` +
        'Log it before, or name another metric.',
    );
  }
}

function freeName(dir: string, step: number): string {
  for (let copy = 1; ; copy++) {
    const name = checkpointFile(step, copy);
    if (!existsSync(join(dir, name))) return name;
  }
}

/** Text in quotes: "3" is no number. */
function shownStep(step: unknown): string {
  return typeof step === 'string' ? `"${step}"` : String(step);
}
