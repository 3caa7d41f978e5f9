import { randomBytes } from 'node:crypto';
import { jsonLine } from './json.ts';

const MAX_BYTES = 200;

/**
 * Makes the id of a run, which is also its directory's name:
 * `20260131-142501-123_lr=0.1_optimizer=sgd_x7k2m9`, that is UTC time to the millisecond, the
 * tracked values, and a random part. Ids sort by time and are unique across hosts; they hold
 * nothing a shell or a file system minds and at most 200 bytes.
 */
export function makeRunId(time: Date, tracked: Readonly<Record<string, unknown>> = {}): string {
  return labelledRunId(time, valuesLabel(tracked));
}

/**
 * The same with a label that is made already.
 * @param label of characters that file names can hold; what has no room is cut off.
 */
export function labelledRunId(time: Date, label: string): string {
  const stamp = time.toISOString().replace(/[-:Z]/g, '').replace('T', '-').replace('.', '-');
  const random = randomBytes(4).readUInt32LE().toString(36).padStart(7, '0').slice(-6);
  const room = MAX_BYTES - stamp.length - random.length - 2;
  return [stamp, label.slice(0, room), random].filter((part) => part !== '').join('_');
}

/**
 * The values of some keys in a form that file names can hold: `lr=0.1_optimizer=sgd`. Keys without
 * a value are left out.
 */
export function valuesLabel(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${fileSafe(key)}=${fileSafe(valueText(value))}`)
    .join('_');
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : jsonLine(value);
}

function fileSafe(text: string): string {
  return text.replace(/[^A-Za-z0-9.+-]+/g, '-').slice(0, 40);
}

const RESERVED = new Set(['sweeps', 'con', 'prn', 'aux', 'nul']);

/** True when `name` can name an experiment: it becomes a directory. */
export function isExperimentName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name) && !RESERVED.has(name.toLowerCase());
}
