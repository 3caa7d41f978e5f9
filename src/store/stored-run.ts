import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { jsonLine, numberFromJson, type Json, type JsonObject } from '../core/json.ts';
import { RUN_FILES } from '../core/layout.ts';
import type { Manifest } from '../core/manifest.ts';
import type { Origin } from '../core/run-spec.ts';
import type { ShownStatus } from '../core/status.ts';
import { decodeCsv, decodeNumber } from '../formats/csv.ts';
import { readManifest } from './manifest-file.ts';
import { isAlive } from './process-identity.ts';

/** Silence after which a run on another host counts as lost. */
const HEARTBEAT_LIMIT_MS = 60_000;

/** What `config.json` holds. */
export interface StoredConfig {
  readonly config: unknown;
  /** Input and defaults, where the schema transforms them into something else. */
  readonly untransformed?: unknown;
  readonly origins: Readonly<Record<string, Origin>>;
}

/** Reads `config.json` of a run. */
export function readStoredConfig(dir: string): StoredConfig {
  return JSON.parse(readFileSync(join(dir, RUN_FILES.config), 'utf8')) as StoredConfig;
}

/** A run as it lies on disk: a snapshot, read when asked. */
export class StoredRun {
  readonly dir: string;
  readonly manifest: Manifest;

  /** @throws {ExpError} EXP_FILE if the directory holds no readable manifest. */
  constructor(dir: string) {
    this.dir = dir;
    this.manifest = readManifest(dir);
  }

  /**
   * The status, or `lost` for a run that says `running` though its process is gone, or `queued`
   * though its launcher is.
   */
  get status(): ShownStatus {
    const { status, launcher } = this.manifest;
    if (status === 'queued' && launcher !== undefined && isAlive(launcher) === false) return 'lost';
    if (status !== 'running') return status;
    const attempt = this.manifest.attempts.at(-1);
    const alive = attempt === undefined ? false : isAlive(attempt.process);
    if (alive !== undefined) return alive ? 'running' : 'lost';
    return Date.now() - this.#heartbeat() > HEARTBEAT_LIMIT_MS ? 'lost' : 'running';
  }

  /** The resolved config, and where each value came from. */
  readConfig(): StoredConfig {
    return readStoredConfig(this.dir);
  }

  /** The last value of every metric; while the run works, of those in the newest rows. */
  readLastMetrics(): Record<string, number | string> {
    const { step, summary } = this.manifest;
    if (summary !== undefined) return fromJson({ ...(step !== undefined && { step }), ...summary });
    const path = join(this.dir, RUN_FILES.progress);
    if (!existsSync(path)) return {};
    const last: Record<string, number | string> = {};
    for (const row of decodeCsv(readEnds(path))) {
      for (const [tag, text] of Object.entries(row)) {
        if (text !== '') last[tag] = decodeNumber(text) ?? text;
      }
    }
    return last;
  }

  #heartbeat(): number {
    const path = join(this.dir, RUN_FILES.heartbeat);
    return existsSync(path) ? statSync(path).mtimeMs : 0;
  }
}

const TAIL_BYTES = 1 << 18;

/** The header of a CSV file and its last rows: constant work, however long the run was. */
function readEnds(path: string): string {
  const { size } = statSync(path);
  if (size <= 2 * TAIL_BYTES) return readFileSync(path, 'utf8');
  const fd = openSync(path, 'r');
  try {
    const read = (position: number): string => {
      const bytes = Buffer.alloc(TAIL_BYTES);
      return bytes.toString('utf8', 0, readSync(fd, bytes, 0, TAIL_BYTES, position));
    };
    const head = read(0);
    const tail = read(size - TAIL_BYTES);
    // A line break may stand in a text; what begins with a step and two times is a row.
    const start = tail.search(/\n-?\d+,\d+(\.\d+)?,\d/);
    return head.slice(0, head.indexOf('\n') + 1) + (start < 0 ? '' : tail.slice(start + 1));
  } finally {
    closeSync(fd);
  }
}

function fromJson(summary: JsonObject): Record<string, number | string> {
  return Object.fromEntries(
    Object.entries(summary).map(([tag, value]) => [tag, numberFromJson(value) ?? textOf(value)]),
  );
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : jsonLine(value);
}
