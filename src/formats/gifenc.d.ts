// What is used of gifenc, which comes without types. It is CommonJS: all of it is the default export.
declare module 'gifenc' {
  type Color = readonly number[];
  interface Encoder {
    writeFrame(
      indices: Uint8Array,
      width: number,
      height: number,
      options: { palette: readonly Color[]; delay: number },
    ): void;
    finish(): void;
    bytes(): Uint8Array;
  }
  const gifenc: {
    GIFEncoder(): Encoder;
    quantize(rgba: Uint8Array, colors: number): Color[];
    applyPalette(rgba: Uint8Array, palette: readonly Color[]): Uint8Array;
  };
  export default gifenc;
}
