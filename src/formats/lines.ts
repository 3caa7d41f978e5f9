const LINE_FEED = 0x0a;

/** The lines of a text that comes in chunks, each with its line break. A torn last line is left out. */
export function* splitLines(chunks: Iterable<Uint8Array>): Generator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for (const chunk of chunks) {
    let start = 0;
    let end = chunk.indexOf(LINE_FEED);
    for (; end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      yield Buffer.concat([rest, chunk.subarray(start, end + 1)]);
      rest = rest.subarray(0, 0);
      start = end + 1;
    }
    rest = Buffer.concat([rest, chunk.subarray(start)]);
  }
}
