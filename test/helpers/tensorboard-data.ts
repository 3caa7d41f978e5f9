import { execFileSync } from 'node:child_process';
import { TENSORBOARD_PYTHON } from '../setup/tool-paths.ts';

/** One tag as TensorBoard's own reader gives it; strings of bytes are base64. */
export interface TagData {
  readonly plugin: string;
  readonly events: readonly { step: number; wallTime: number; shape: number[]; values: any[] }[];
}

// What `tensorboard --load_fast=false` reads with: old forms are brought into those of the plugins.
const READ = `
import base64, json, sys
from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator
from tensorboard.util import tensor_util
def plain(x):
    return base64.b64encode(x).decode() if isinstance(x, bytes) else x
out = {}
acc = EventAccumulator(sys.argv[1], tensor_size_guidance={p: 0 for p in ['scalars', 'histograms', 'images', 'audio', 'text', 'hparams']})
acc.Reload()
for tag in acc.Tags()['tensors']:
    events = []
    for e in acc.Tensors(tag):
        a = tensor_util.make_ndarray(e.tensor_proto)
        events.append({'step': e.step, 'wallTime': e.wall_time, 'shape': list(a.shape), 'values': [plain(v) for v in a.reshape(-1).tolist()]})
    out[tag] = {'plugin': acc.SummaryMetadata(tag).plugin_data.plugin_name, 'events': events}
json.dump(out, sys.stdout)
`;

/** Reads everything in the event files of a run, by tag. */
export function readEvents(dir: string): Record<string, TagData> {
  return JSON.parse(python(READ, [dir])) as Record<string, TagData>;
}

/** A picture as Pillow sees it: one entry a frame, pixels row by row as red, green, blue. */
export interface Picture {
  readonly format: string;
  readonly frames: readonly { size: [number, number]; ms: number; rgb: number[] }[];
}

const DECODE = `
import base64, io, json, sys
from PIL import Image, ImageSequence
out = []
for text in json.load(sys.stdin):
    image = Image.open(io.BytesIO(base64.b64decode(text)))
    frames = [{'size': list(f.size), 'ms': f.info.get('duration', 0), 'rgb': list(f.convert('RGB').tobytes())}
              for f in ImageSequence.Iterator(image)]
    out.append({'format': image.format, 'frames': frames})
json.dump(out, sys.stdout)
`;

/** Decodes pictures with the library that TensorBoard uses. */
export function decodePictures(...pictures: readonly Uint8Array[]): Picture[] {
  const encoded = pictures.map((bytes) => Buffer.from(bytes).toString('base64'));
  return JSON.parse(python(DECODE, [], JSON.stringify(encoded))) as Picture[];
}

/** A sound as Python's wave module reads it; samples of all channels side by side. */
export interface Sound {
  readonly channels: number;
  readonly width: number;
  readonly rate: number;
  readonly samples: number[];
}

const LISTEN = `
import base64, io, json, struct, sys, wave
w = wave.open(io.BytesIO(base64.b64decode(sys.stdin.read())))
n = w.getnframes() * w.getnchannels()
json.dump({'channels': w.getnchannels(), 'width': w.getsampwidth(), 'rate': w.getframerate(),
           'samples': list(struct.unpack('<%dh' % n, w.readframes(w.getnframes())))}, sys.stdout)
`;

/** Decodes a WAV file. */
export function decodeSound(wav: Uint8Array): Sound {
  return JSON.parse(python(LISTEN, [], Buffer.from(wav).toString('base64'))) as Sound;
}

function python(program: string, args: readonly string[], input = ''): string {
  return execFileSync(TENSORBOARD_PYTHON, ['-c', program, ...args], {
    encoding: 'utf8',
    input,
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
}
