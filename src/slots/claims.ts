import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isPlainObject } from '../core/json.ts';
import type { ProcessIdentity } from '../core/manifest.ts';
import { createFile } from '../files/atomic-write.ts';
import { isAlive } from '../store/process-identity.ts';

/** What a launcher has of this machine for itself while a sweep runs. */
export interface Claim {
  readonly process: ProcessIdentity;
  /** The id of the sweep. */
  readonly sweep: string;
  readonly cpus: readonly number[];
  /** UUIDs, or where those are unknown what `CUDA_VISIBLE_DEVICES` says. */
  readonly gpus: readonly string[];
}

/** A claim with the name of its file. */
export interface NamedClaim extends Claim {
  readonly name: string;
}

const ENDING = '.json';
const MAX_BYTES = 1_000_000;

/** Where launchers of this machine tell each other what they have: `EXP_CLAIMS` or a temporary folder. */
export function claimsDir(env: NodeJS.ProcessEnv = process.env): string {
  const { EXP_CLAIMS: dir } = env;
  return dir === undefined || dir === '' ? join(tmpdir(), 'exptools-claims') : resolve(dir);
}

/**
 * The claims of launchers that are alive. Those of dead ones are removed, where we may. All users of
 * a machine can write here: what does not look like a claim is none.
 */
export function readClaims(dir: string): NamedClaim[] {
  return namesIn(dir).flatMap((name) => {
    const file = join(dir, name);
    const claim = parseClaim(readSmallFile(file));
    if (claim === undefined) return [];
    const isHeld = isAlive(claim.process);
    if (isHeld === false) tryRemove(file);
    return isHeld === true ? [{ ...claim, name }] : [];
  });
}

/** Writes a claim down and returns its name. Throws where that is impossible. */
export function writeClaim(dir: string, claim: Claim): string {
  if (mkdirSync(dir, { recursive: true }) !== undefined) {
    // As /tmp itself: everyone may claim, and only remove what is theirs.
    chmodSync(dir, 0o1777);
  }
  const name = `${claim.process.pid}-${randomBytes(4).toString('hex')}${ENDING}`;
  const file = join(dir, name);
  // Whole, since not everywhere is there a lock; and for all to read, whatever the umask says.
  createFile(file, JSON.stringify(claim));
  chmodSync(file, 0o644);
  return name;
}

/** Gives up a claim; one that is gone already is no problem. */
export function removeClaim(dir: string, name: string): void {
  tryRemove(join(dir, name));
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir).filter((name) => name.endsWith(ENDING));
  } catch {
    // nobody has claimed anything yet
    return [];
  }
}

function readSmallFile(file: string): string {
  try {
    const stat = lstatSync(file);
    return stat.isFile() && stat.size <= MAX_BYTES ? readFileSync(file, 'utf8') : '';
  } catch {
    // given up meanwhile
    return '';
  }
}

function parseClaim(text: string): Claim | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // somebody else's file
    return undefined;
  }
  if (!isPlainObject(value)) return undefined;
  const { process, sweep, cpus, gpus } = value;
  // They are shown in terminals.
  const isSafe = typeof sweep === 'string' && /^[\w.+=-]{1,200}$/.test(sweep);
  if (!isSafe || !isListOf(cpus, isCpu) || !isListOf(gpus, isText) || !isIdentity(process)) {
    return undefined;
  }
  return { process, sweep, cpus, gpus };
}

function isListOf<T>(value: unknown, is: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(is);
}

function isCpu(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isIdentity(value: unknown): value is ProcessIdentity {
  return isPlainObject(value) && Number.isSafeInteger(value['pid']) && isText(value['host']);
}

function tryRemove(file: string): void {
  try {
    rmSync(file);
  } catch {
    // gone, or of another user, whose next sweep removes it
  }
}
