import type { Media, MediaRecord } from '../core/media.ts';
import type { Row, Value } from '../core/record.ts';
import type { SinkRun } from '../core/sink.ts';

const STARTED_AT = 1_700_000_000;

/** A run as a sink sees it, with its directory. */
export function runIn(dir: string, more: Partial<SinkRun> = {}): SinkRun {
  return {
    id: '20231114-221320-000_abc123',
    experiment: 'contract',
    dir,
    startedAt: STARTED_AT,
    config: { lr: 0.1, net: { width: 64 } },
    parameters: [
      { key: 'lr', value: 0.1, minimum: 0, description: 'learning rate' },
      { key: 'net.width', value: 64 },
    ],
    objective: { metric: 'eval/accuracy', direction: 'maximize' },
    ...more,
  };
}

/** A row of these metrics. */
export function row(step: number, metrics: Iterable<readonly [tag: string, value: Value]>): Row {
  const cells = [...metrics];
  return {
    step,
    // Close to one another, so that they are handed over in batches.
    wallTime: STARTED_AT + step * 1e-4,
    elapsed: Math.abs(step) * 1e-4,
    tags: cells.map(([tag]) => tag),
    values: cells.map(([, value]) => value),
  };
}

/** Every kind of value, and those that formats trip over. */
export const EVERY_VALUE: readonly Value[] = [
  0,
  -0,
  1.5,
  0.1 + 0.2,
  5e-324,
  Number.MAX_VALUE,
  Number.MAX_SAFE_INTEGER,
  Number.NaN,
  Infinity,
  -Infinity,
  true,
  false,
  12n,
  -(2n ** 80n),
  '',
  'text',
  'with "quotes", commas; tabs\t, a break\n and an end\r\n',
  'Unicode: é, 漢字, 🚀, \u0000, \ufeff',
  'nan',
  '=1+1',
  new Date(1e12),
  new Date(Number.NaN),
];

/** Tags that formats trip over. */
export const ODD_TAGS: readonly string[] = [
  'a',
  'deep/er/and/deeper',
  'with, comma',
  'with "quotes"',
  'two\nlines',
  ' blanks ',
  'größe/漢字',
  '__proto__',
  'constructor',
  'toString',
  '0',
  '<b>&amp;',
  'x'.repeat(300),
];

const TINY_GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const TINY_PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);
// A WAV file (RIFF, 16-bit PCM, one channel, 8 kHz) of four samples of silence.
const TINY_WAV = Buffer.from(
  'UklGRiwAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQgAAAAAAAAAAAAAAA==',
  'base64',
);

/** One of each kind. */
const EVERY_MEDIA: readonly Media[] = [
  {
    kind: 'histogram',
    min: -1,
    max: 3,
    count: 4,
    notFinite: 0,
    sum: 4,
    sumOfSquares: 14,
    limits: [0, 1, 3],
    counts: [1, 1, 2],
  },
  { kind: 'image', format: 'png', bytes: TINY_PNG, width: 1, height: 1 },
  { kind: 'video', format: 'gif', bytes: TINY_GIF, width: 1, height: 1 },
  { kind: 'audio', format: 'wav', bytes: TINY_WAV, sampleRate: 8_000, channels: 1, frames: 4 },
  { kind: 'text', text: '# A title\n\nand *some* Markdown' },
  {
    kind: 'table',
    columns: ['name', 'n'],
    rows: [
      ['a', 1],
      ['b, "c"', null],
      ['d', 2n ** 80n],
    ],
  },
];

/** One piece of media of each kind, at this step. */
export function mediaAt(step: number): MediaRecord[] {
  return EVERY_MEDIA.map((media) => ({
    tag: `media/${media.kind}`,
    step,
    wallTime: STARTED_AT + step,
    elapsed: step,
    media,
  }));
}
