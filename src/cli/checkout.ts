import { existsSync, readdirSync, rmSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import pc from 'picocolors';
import { ExpError, messageOf } from '../core/errors.ts';
import { jsonText } from '../core/json.ts';
import type { LeftOut } from '../core/sources.ts';
import { ensureDir } from '../files/create-dir.ts';
import { checkOut } from '../snapshots/checkout.ts';
import { copySources } from '../snapshots/stored-sources.ts';
import { knownRun, type KnownRun } from './run-code.ts';

/** The flags of `run-exp checkout`. */
export interface CheckoutFlags {
  readonly root: string;
  readonly json?: boolean;
  /** Counted from 1. */
  readonly attempt?: number;
}

/**
 * Writes the code of a run, as it was, into a directory that is new or empty.
 * @throws {ExpError} EXP_USAGE where there is none to be had; EXP_FILE for another directory.
 */
export function checkOutRun(
  name: string,
  given: string,
  { root, json, attempt }: CheckoutFlags,
): void {
  const target = resolve(given);
  const isThere = existsSync(target);
  if (isThere && !isEmptyDir(target)) {
    throw new ExpError(
      'EXP_FILE',
      `"${given}" is there, and not an empty directory. Name a new one: nothing is overwritten.`,
    );
  }
  const run = knownRun(root, name, attempt);
  try {
    ensureDir(target);
  } catch (error) {
    throw new ExpError(
      'EXP_FILE',
      `Cannot create the directory "${given}": ${messageOf(error)}. Name another one.`,
    );
  }
  let missing: readonly LeftOut[];
  try {
    missing = write(run, target);
  } catch (error) {
    // Half a tree would pass for a whole one.
    if (!isThere) rmSync(target, { recursive: true, force: true });
    throw error;
  }
  const left = [...run.leftOut, ...missing];
  if (json === true) {
    const { id, snapshot } = run;
    process.stdout.write(jsonText({ run: id, dir: target, commit: snapshot, leftOut: left }));
    return;
  }
  const from = run.place === undefined ? 'its stored sources' : `commit ${run.snapshot}`;
  process.stdout.write(`${pc.bold(relative('', target) || '.')}  ${run.id}, from ${from}\n`);
  for (const { path, reason } of left) {
    process.stderr.write(`${pc.yellow('not as it was')}  ${path}: ${reason}\n`);
  }
}

function write(run: KnownRun, target: string): readonly LeftOut[] {
  const { place, snapshot, sources } = run;
  if (place !== undefined && snapshot !== undefined) return checkOut(place, snapshot, target);
  if (sources !== undefined) {
    const changed = copySources(sources.dir, sources.listing, target);
    return [...sources.listing.leftOut, ...changed];
  }
  throw new ExpError('EXP_USAGE', noCode(run));
}

/** Why the code of a run is not to be had. */
export function noCode({ id, snapshot }: KnownRun): string {
  return snapshot === undefined
    ? `The run ${id} has no snapshot of its code, and no copy of its sources.`
    : `The code of the run ${id} is the commit ${snapshot}, which no repository here has. ` +
        'Try in a clone that has it: run-exp tags pull.';
}

function isEmptyDir(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch {
    return false; // a file
  }
}
