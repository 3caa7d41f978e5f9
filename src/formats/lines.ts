const LINE_FEED = 0x0a;

/** The lines of a text that comes in chunks, each with its line break. A torn last line is left out. */
export function splitLines(chunks: Iterable<Uint8Array>): Generator<Buffer> {
  return splitAt(chunks, lineEnds);
}

/**
 * Cuts chunks behind the bytes whose offsets `endsIn` finds in each, in turn; what follows the last of
 * them is left out. Needs the memory of a chunk and a piece.
 */
export function* splitAt(
  chunks: Iterable<Uint8Array>,
  endsIn: (chunk: Buffer) => readonly number[],
): Generator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for (const chunk of chunks) {
    const bytes = asBuffer(chunk);
    let start = 0;
    for (const end of endsIn(bytes)) {
      const piece = bytes.subarray(start, end + 1);
      yield rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      rest = rest.subarray(0, 0);
      start = end + 1;
    }
    rest = Buffer.concat([rest, bytes.subarray(start)]);
  }
}

/** The same bytes, not copied. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function lineEnds(chunk: Buffer): number[] {
  const ends: number[] = [];
  for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) {
    ends.push(at);
  }
  return ends;
}
