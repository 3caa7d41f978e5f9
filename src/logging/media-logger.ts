import type { Media } from '../core/media.ts';
import type { RowOptions } from '../core/record.ts';
import { makeAudio, type AudioOptions, type Samples } from '../media/audio.ts';
import { makeHistogram, type HistogramOptions, type HistogramValues } from '../media/histogram.ts';
import { makeImage, type ImageSource } from '../media/image.ts';
import { imagesOf, isTensor, valuesOf, type Tensor } from '../media/tensor.ts';
import type { PixelOptions } from '../media/pixels.ts';
import { makeTable, makeText, type TableSource } from '../media/table.ts';
import { makeVideo, type VideoOptions, type VideoSource } from '../media/video.ts';
import { TextLogger } from './text-logger.ts';
import { warnOnce } from './text.ts';

/** The part of a logger that shows histograms, images and the like. */
export abstract class MediaLogger extends TextLogger {
  /**
   * Shows text, which may be Markdown, beside the metrics. Without a step, this and all other media join
   * the pending row or, where there is none, belong to the last row.
   * @throws {ExpError} EXP_LOG, like all of them, for what cannot be shown.
   */
  text(name: string, text: string, options?: RowOptions): void {
    this.show('text', name, options, (tag) => makeText(tag, text));
  }

  /** Shows how values are distributed: any number of them, in any order. NaN and infinities are left out. */
  histogram(name: string, values: HistogramValues, options?: RowOptions & HistogramOptions): void {
    this.show('histogram', name, options, (tag) => {
      const histogram = makeHistogram(tag, values, options);
      if (histogram.notFinite > 0) {
        warnOnce(`"${tag}" has values that are NaN or infinite; its histograms leave them out.`);
      }
      return histogram;
    });
  }

  /**
   * Shows the bytes of a PNG, JPEG or GIF, or pixels: `{ width, height }`, nested arrays, or a tensor. Of
   * a batch, a tensor of rank 4, it shows the first three, as `name/0` to `name/2`.
   */
  image(name: string, image: ImageSource | Tensor, options?: RowOptions & PixelOptions): void {
    if (isTensor(image)) return this.#tensor(name, image, options);
    this.show('image', name, options, (tag) => makeImage(tag, image, options));
  }

  /** Shows frames as an animated GIF: each is an image in pixels, all of one size. */
  video(name: string, frames: VideoSource, options?: RowOptions & VideoOptions): void {
    this.show('video', name, options, (tag) => makeVideo(tag, frames, options));
  }

  /** Plays samples from -1 to 1, or 16-bit ones; an array of several has a channel in each. */
  audio(
    name: string,
    samples: Samples | readonly Samples[],
    options: RowOptions & AudioOptions,
  ): void {
    this.show('audio', name, options, (tag) => makeAudio(tag, samples, options));
  }

  /** Shows a table: an array of objects, or `{ columns, rows }`. */
  table(name: string, table: TableSource, options?: RowOptions): void {
    this.show('table', name, options, (tag) => makeTable(tag, table));
  }

  #tensor(name: string, tensor: Tensor, options?: RowOptions & PixelOptions): void {
    if (!this.isInRun('image')) return;
    const images = imagesOf(name, tensor, valuesOf(name, tensor));
    for (const [i, { values, ...pixels }] of images.entries()) {
      const one = tensor.shape.length === 4 ? `${name}/${i}` : name;
      this.show('image', one, options, (tag) => makeImage(tag, values, { ...pixels, ...options }));
    }
  }

  /** False where there is no run to log to, which is said. @param method as the user called it. */
  protected abstract isInRun(method: string): boolean;

  /** Hands on what `make` makes of the full tag; outside of a run nothing is made. */
  protected abstract show(
    method: string,
    name: string,
    options: RowOptions | undefined,
    make: (tag: string) => Media,
  ): void;
}
