import { createHash } from 'node:crypto';

const MAX_BYTES = 200; // file systems take 255

/**
 * A safe name of a folder for any text: letters, digits and `._=+,-` stay, all else is written as in
 * URLs. A name too long is cut, and told from others by a hash.
 */
export function folderName(text: string): string {
  const safe = Buffer.from(text)
    .toString() // without halves of characters, which have no place in UTF-8
    .replace(/[^\p{L}\p{N}._=+,-]/gu, escaped)
    .replace(/^\.{0,2}$/, (dots) => dots.replaceAll('.', '%2E') || '%')
    // A folder is not to look like one of the files beside it.
    .replace(/\.(?=(?:png|jpg|gif|wav|md|csv|json)$)/, '%2E');
  if (Buffer.byteLength(safe) <= MAX_BYTES) return safe;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return `${Buffer.from(safe).subarray(0, MAX_BYTES).toString().replace('\uFFFD', '')}-${hash}`;
}

function escaped(character: string): string {
  const bytes = [...Buffer.from(character)];
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
