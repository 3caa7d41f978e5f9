/** What an encoded image says of itself. */
export interface ImageHeader {
  readonly format: 'png' | 'jpeg' | 'gif';
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/** Reads the header of a PNG, JPEG or GIF; `undefined` for any other bytes, and for torn ones. */
export function readImageHeader(bytes: Uint8Array): ImageHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (startsWith(bytes, '\x89PNG\r\n\x1a\n')) {
      return { format: 'png', width: view.getUint32(16), height: view.getUint32(20) };
    }
    if (startsWith(bytes, 'GIF87a') || startsWith(bytes, 'GIF89a')) {
      return { format: 'gif', width: view.getUint16(6, true), height: view.getUint16(8, true) };
    }
    return startsWith(bytes, '\xff\xd8\xff') ? readJpeg(view) : undefined;
  } catch {
    return undefined; // it ends within the header
  }
}

// The size stands in the frame header, SOF0 to SOF15, without DHT, JPG and DAC, which share their range.
const NOT_A_FRAME: readonly number[] = [0xc4, 0xc8, 0xcc];

function readJpeg(view: DataView): ImageHeader | undefined {
  for (let at = 2; view.getUint8(at) === 0xff;) {
    const marker = view.getUint8(at + 1);
    const isFill = marker === 0xff;
    if (marker >= 0xc0 && marker <= 0xcf && !NOT_A_FRAME.includes(marker)) {
      return { format: 'jpeg', height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    at += isFill ? 1 : 2 + view.getUint16(at + 2);
  }
  return undefined;
}

function startsWith(bytes: Uint8Array, signature: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .subarray(0, signature.length)
    .equals(Buffer.from(signature, 'latin1'));
}
