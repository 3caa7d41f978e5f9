import type { Value } from './record.ts';

/** How values are distributed: counts between limits. */
export interface Histogram {
  readonly kind: 'histogram';
  readonly min: number;
  /** `min` and `max` are those of the counted values; both are 0 where there are none. */
  readonly max: number;
  /** How many values were counted. */
  readonly count: number;
  /** How many values were NaN or infinite: no bucket has them, nor any other field. */
  readonly notFinite: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  /** The upper limit of each bucket, ascending; the first bucket starts at `min`. */
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

/** A picture, encoded. */
export interface Image {
  readonly kind: 'image';
  readonly format: 'png' | 'jpeg' | 'gif';
  readonly bytes: Uint8Array;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/** A moving picture: an animated GIF. */
export interface Video {
  readonly kind: 'video';
  readonly format: 'gif';
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Sound: a WAV file. */
export interface Audio {
  readonly kind: 'audio';
  readonly format: 'wav';
  readonly bytes: Uint8Array;
  /** In hertz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples of one channel. */
  readonly frames: number;
}

/** Text, which may be Markdown. */
export interface Text {
  readonly kind: 'text';
  readonly text: string;
}

/** Rows of values below named columns. */
export interface Table {
  readonly kind: 'table';
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (Value | null)[])[];
}

/** Whatever is logged beside the numbers of rows. */
export type Media = Histogram | Image | Video | Audio | Text | Table;

/** One piece of media, at the step it belongs to. */
export interface MediaRecord {
  /** The full tag. */
  readonly tag: string;
  readonly step: number;
  /** Seconds since 1970. */
  readonly wallTime: number;
  /** Seconds of work in this run, over all its attempts. */
  readonly elapsed: number;
  readonly media: Media;
}
