import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { jsonText } from '../src/core/json.ts';
import { artifactFile } from '../src/core/layout.ts';
import type { Media, MediaRecord } from '../src/core/media.ts';
import type { Sink } from '../src/core/sink.ts';
import { createFile } from '../src/files/atomic-write.ts';
import { ensureDir } from '../src/files/create-dir.ts';
import { encodeCsv } from '../src/formats/csv.ts';

/**
 * Writes every image, sound, text, table and histogram to a file of its own, below `artifacts/`: the tag
 * gives the folders, the step the name. Nothing is ever overwritten: a second one of the same tag and
 * step becomes `<step>-2`.
 */
export function artifactsSink(): Sink {
  return {
    name: 'artifacts',
    open: (run) => ({
      writesFiles: true,
      write() {}, // rows have files of their own
      writeMedia(record) {
        const path = freePath(run.dir, record);
        ensureDir(dirname(path));
        createFile(path, contentOf(record.media));
      },
    }),
  };
}

function freePath(dir: string, { tag, step, media }: MediaRecord): string {
  for (let copy = 1; ; copy++) {
    const path = join(dir, artifactFile(tag, step, extensionOf(media), copy));
    if (!existsSync(path)) return path;
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
