import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { Checkpoints } from '../dist/src/checkpoint/checkpoints.js';

/** Milliseconds until a state is on the disk. */
export type CheckpointSample = number;

const CHUNK = 1 << 22;

/** As a model with its optimizer has it: ten pairs of arrays, and some numbers beside. */
interface State {
  readonly epoch: number;
  readonly layers: readonly { readonly weights: Float32Array; readonly moments: Float32Array }[];
}

const states = new Map<number, State>();

// The same one in each round: what is measured is saving it.
function stateOf(megabytes: number): State {
  let state = states.get(megabytes);
  if (state === undefined) {
    const length = (megabytes * 1e6) / 80;
    const random = () => Float32Array.from({ length }, () => Math.random());
    const layers = Array.from({ length: 10 }, () => ({ weights: random(), moments: random() }));
    states.set(megabytes, (state = { epoch: 3, layers }));
  }
  return state;
}

/** The bytes alone, in chunks, as fast as the disk takes them. */
export function measurePlainWrite(megabytes: number): Promise<CheckpointSample> {
  return timed(megabytes, (dir, { layers }) => {
    write(
      dir,
      layers.flatMap(({ weights, moments }) => [weights, moments]),
    );
  });
}

/** A checkpoint: checksums, temporary, rename, directory and all. */
export function measureCheckpoint(megabytes: number): Promise<CheckpointSample> {
  return timed(megabytes, async (dir, state) => {
    await new Checkpoints(dir, { mode: 'last' }, console.warn).save(state, null, { step: 1 });
  });
}

/** What Node has for the same: a copy of all in memory first, and no checksums. */
export function measureSerialized(megabytes: number): Promise<CheckpointSample> {
  return timed(megabytes, (dir, state) => write(dir, [serialize(state)]));
}

async function timed(
  megabytes: number,
  work: (dir: string, state: State) => void | Promise<void>,
): Promise<number> {
  const state = stateOf(megabytes);
  // beside the sources, since the folder for temporary files may be no disk
  const dir = mkdtempSync(join(import.meta.dirname, 'results-'));
  try {
    const start = performance.now();
    await work(dir, state);
    return performance.now() - start;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function write(dir: string, arrays: readonly Uint8Array[] | readonly Float32Array[]): void {
  const file = openSync(join(dir, 'state'), 'wx');
  for (const { buffer, byteOffset, byteLength } of arrays) {
    for (let at = 0; at < byteLength;) {
      const size = Math.min(CHUNK, byteLength - at);
      at += writeSync(file, new Uint8Array(buffer, byteOffset + at, size));
    }
  }
  fsyncSync(file);
  closeSync(file);
}
