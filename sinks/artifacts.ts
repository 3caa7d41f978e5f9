import { existsSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { jsonText } from '../src/core/json.ts';
import { artifactFile, attemptDir, RUN_FILES } from '../src/core/layout.ts';
import type { Media, MediaRecord } from '../src/core/media.ts';
import type { Sink, SinkRun } from '../src/core/sink.ts';
import { AppendFile } from '../src/files/append-file.ts';
import { createFile, writeAtomically } from '../src/files/atomic-write.ts';
import { ensureDir } from '../src/files/create-dir.ts';
import { tryRead } from '../src/files/try-read.ts';
import { encodeCsv } from '../src/formats/csv.ts';

/**
 * Writes every image, sound, text, table and histogram to a file of its own, below `artifacts/`: the tag
 * gives the folders, the step the name. Nothing is ever overwritten: a second one of the same tag and
 * step becomes `<step>-2`. `media.jsonl` lists them in order; when a run is resumed, those that are void
 * move to `attempts/<n>/`.
 */
export function artifactsSink(): Sink {
  return {
    name: 'artifacts',
    open(run) {
      let records = putAwayVoid(run);
      let list: AppendFile | undefined;
      return {
        writesFiles: true,
        get records() {
          return records;
        },
        write() {}, // rows have files of their own
        writeMedia(record) {
          const file = freeFile(run.dir, record);
          const path = join(run.dir, file);
          list ??= openList(run.dir);
          const { size } = list;
          // First into the list, so that after a crash no file is there that it does not have.
          list.append(`${JSON.stringify({ step: record.step, tag: record.tag, file })}\n`);
          try {
            ensureDir(dirname(path));
            createFile(path, contentOf(record.media));
          } catch (error) {
            list.cutTo(size);
            throw error;
          }
          records++;
        },
        close() {
          list?.close();
          list = undefined;
        },
      };
    },
  };
}

function openList(dir: string): AppendFile {
  const path = join(dir, RUN_FILES.media);
  return new AppendFile(path, existsSync(path) ? 'open' : 'create');
}

interface Listed {
  readonly step: number;
  readonly file: string;
}

/** Moves media that a run which goes on does not count any more; returns how many stand. */
function putAwayVoid({ dir, resumedAt, kept, attempt = 1 }: SinkRun): number {
  const path = join(dir, RUN_FILES.media);
  const text = resumedAt === undefined ? undefined : tryRead(path);
  if (resumedAt === undefined || text === undefined) return 0;
  const standing: string[] = [];
  // A last line that was torn has no file.
  for (const line of text.split('\n').slice(0, -1)) {
    const { step, file } = JSON.parse(line) as Listed;
    const isVoid = kept === undefined ? step >= resumedAt : standing.length >= kept;
    if (isVoid) putAway(dir, file, attempt - 1);
    else standing.push(`${line}\n`);
  }
  writeAtomically(path, standing.join(''));
  return standing.length;
}

function putAway(dir: string, file: string, attempt: number): void {
  const from = join(dir, file);
  const to = join(attemptDir(dir, attempt), file);
  if (!existsSync(from)) return;
  ensureDir(dirname(to));
  renameSync(from, to);
}

function freeFile(dir: string, { tag, step, media }: MediaRecord): string {
  for (let copy = 1; ; copy++) {
    const file = artifactFile(tag, step, extensionOf(media), copy);
    if (!existsSync(join(dir, file))) return file;
  }
}

function extensionOf(media: Media): string {
  if (media.kind === 'histogram') return 'json';
  if (media.kind === 'text') return 'md';
  if (media.kind === 'table') return 'csv';
  return media.format === 'jpeg' ? 'jpg' : media.format;
}

function contentOf(media: Media): Uint8Array | string {
  switch (media.kind) {
    case 'histogram': {
      const { kind: _, ...figures } = media;
      return jsonText(figures);
    }
    case 'text':
      return media.text;
    case 'table': {
      const rows = media.rows.map((row) => row.map((cell) => cell ?? undefined));
      return encodeCsv([media.columns, ...rows]);
    }
    default:
      return media.bytes;
  }
}
