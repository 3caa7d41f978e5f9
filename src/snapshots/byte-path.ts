/**
 * A path as git prints it: a string with one character for each byte, since names of files need not
 * be UTF-8.
 */
export type BytePath = string;

/** What git printed, a character a byte. */
export function fromBytes(bytes: Buffer): BytePath {
  return bytes.toString('latin1');
}

/** The same as the bytes that it stands for. */
export function toBytes(path: BytePath): Buffer {
  return Buffer.from(path, 'latin1');
}

/** The same for people, and for rules about names. */
export function shownPath(path: BytePath): string {
  return toBytes(path).toString('utf8');
}

/** A path under a directory, for the file system. */
export function pathUnder(dir: string, path: BytePath): Buffer {
  return Buffer.concat([Buffer.from(`${dir}/`), toBytes(path)]);
}
