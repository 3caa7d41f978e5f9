import type { Histogram, Media } from '../../core/media.ts';
import { markdownTable } from '../markdown.ts';
import { bytes, double, encodeMessage, int, message, text, type Fields } from './protobuf.ts';

/** The plugins of TensorBoard that show one kind of data each. */
export type Plugin = 'histograms' | 'images' | 'audio' | 'text' | 'hparams';

/** What a plugin is given at one step: its own metadata, and a tensor. */
export interface PluginData {
  readonly plugin: Plugin;
  /** Fields of the plugin's own message; the first event of a tag counts for all of them. */
  readonly content: Fields;
  /** Fields of a `TensorProto`. */
  readonly tensor: Fields;
}

// tensorflow/core/framework/types.proto
const DT_FLOAT = 1;
const DT_DOUBLE = 2;
const DT_STRING = 7;

/**
 * An event with data for one plugin. Field numbers are those of tensorflow/core/util/event.proto
 * (`Event`), tensorflow/core/framework/summary.proto (`Summary`, `SummaryMetadata`), tensor.proto and
 * tensor_shape.proto.
 */
export function encodeSummary(
  wallTime: number,
  step: number,
  tag: string,
  { plugin, content, tensor }: PluginData,
): Uint8Array {
  const encoded = encodeMessage(content);
  const own = encoded.length > 0 ? bytes(encoded) : undefined;
  const metadata = message({ 1: message({ 1: text(plugin), 2: own }) });
  const value = message({ 1: text(tag), 8: message(tensor), 9: metadata });
  return encodeMessage({ 1: double(wallTime), 2: int(step), 5: message({ 1: value }) });
}

/** The plugin that shows this kind of media. Tables are text, and videos images that move. */
export function pluginOf(media: Media): Plugin {
  if (media.kind === 'histogram') return 'histograms';
  if (media.kind === 'audio') return 'audio';
  return media.kind === 'image' || media.kind === 'video' ? 'images' : 'text';
}

/** What TensorBoard is given of a piece of media. */
export function pluginData(media: Media): PluginData {
  const plugin = pluginOf(media);
  switch (media.kind) {
    case 'histogram':
      return { plugin, content: {}, tensor: histogramTensor(media) };
    case 'image':
    case 'video': {
      const size = [media.width, media.height].map((side) => Buffer.from(String(side)));
      return { plugin, content: {}, tensor: stringTensor([3], ...size, media.bytes) };
    }
    case 'audio': // `AudioPluginData.encoding`: WAV; beside the sound stands its label
      return {
        plugin,
        content: { 2: int(11) },
        tensor: stringTensor([1, 2], media.bytes, Buffer.alloc(0)),
      };
    default:
      return textData(media.kind === 'table' ? markdownTable(media) : media.text);
  }
}

/** Markdown for the text plugin. */
export function textData(markdown: string): PluginData {
  return { plugin: 'text', content: {}, tensor: stringTensor([], Buffer.from(markdown)) };
}

/** A tensor without values, for plugins that keep everything in their metadata. */
export const NO_TENSOR: Fields = { 1: int(DT_FLOAT), 2: message(shape([0])) };

/** Left and right limit and count of each bucket, as the plugin's second version has them. */
function histogramTensor({ min, limits, counts }: Histogram): Fields {
  const rows = Float64Array.from(
    limits.flatMap((right, i) => [i === 0 ? min : limits[i - 1]!, right, counts[i]!]),
  );
  return {
    1: int(DT_DOUBLE),
    2: message(shape([limits.length, 3])),
    4: bytes(new Uint8Array(rows.buffer)),
  };
}

function stringTensor(dimensions: readonly number[], ...values: readonly Uint8Array[]): Fields {
  return { 1: int(DT_STRING), 2: message(shape(dimensions)), 8: values.map(bytes) };
}

function shape(dimensions: readonly number[]): Fields {
  return { 2: dimensions.map((size) => message({ 1: int(size) })) };
}
