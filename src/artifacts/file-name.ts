import { extname, posix, win32 } from 'node:path';
import { ExpError, suggest } from '../core/errors.ts';
import { jsonLine } from '../core/json.ts';

const MAX_PART = 200; // file systems take 255 bytes, and a number may follow
const MAX_BYTES = 1000;

/**
 * The name of a file of a run as a relative path with single slashes; folders are allowed.
 * @throws {ExpError} EXP_USAGE for a name that is empty, too long, or leaves the folder.
 */
export function checkedName(name: string): string {
  const problem = problemWith(name);
  if (problem !== undefined) {
    throw new ExpError('EXP_USAGE', `A file of a run cannot be named ${shown(name)}: ${problem}.`);
  }
  return partsOf(name).join('/');
}

function problemWith(name: unknown): string | undefined {
  if (typeof name !== 'string') return 'a name is text';
  if (/\p{Cc}/u.test(name)) return 'it holds a control character';
  if (posix.isAbsolute(name) || win32.isAbsolute(name)) {
    return 'it is an absolute path; give one relative to the folder of files, such as "plots/loss.png"';
  }
  const parts = partsOf(name);
  if (parts.length === 0 || name.endsWith('/')) return 'there is no name in it';
  if (parts.includes('..')) return 'it leaves the folder of files by ".."';
  const long = parts.find((part) => Buffer.byteLength(part) > MAX_PART);
  if (long !== undefined) return `a part of it is longer than ${MAX_PART} bytes`;
  if (Buffer.byteLength(name) > MAX_BYTES) return `it is longer than ${MAX_BYTES} bytes`;
  return undefined;
}

function partsOf(name: string): string[] {
  return name.split(/[/\\]/).filter((part) => part !== '' && part !== '.');
}

function shown(name: unknown): string {
  const text = jsonLine(name);
  return text.length > 80 ? `${text.slice(0, 60)}…"` : text;
}

/** The extension of a name, in lower case and with its dot; that of `v1.2` is none. */
export function extensionOf(name: string): string {
  const extension = extname(name).toLowerCase();
  return /^\.\d*$/.test(extension) ? '' : extension;
}

/** The name with a number before its extension: `model-2.json`; the first is the name itself. */
export function numbered(name: string, number: number): string {
  if (number === 1) return name;
  const extension = extensionOf(name) === '' ? '' : extname(name);
  return `${name.slice(0, name.length - extension.length)}-${number}${extension}`;
}

/** What is wrong with an extension that nothing is known of. */
export function unknownExtension(name: string, known: readonly string[]): ExpError {
  const extension = extensionOf(name);
  return new ExpError(
    'EXP_USAGE',
    `Cannot save "${name}": nothing saves "${extension}" files. ${suggest(extension, known)} ` +
      'Teach it with addSaver({ extension, save }).',
  );
}
