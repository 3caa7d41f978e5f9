import { ExpError } from '../core/errors.ts';

/** What only a shell knows how to do. */
const SHELL_WORDS = new Set(['|', '||', '&', '&&', ';', '>', '>>', '<', '2>', '2>&1']);

/**
 * Splits a command into words as a shell does, at blanks outside of quotes: `'...'` is literal, in
 * `"..."` and outside of quotes a backslash takes the meaning from the next character.
 * @throws {ExpError} EXP_USAGE for no words, a quote that is not closed, and words that are for a shell.
 */
export function splitWords(command: string): string[] {
  const words: string[] = [];
  for (const { 0: raw } of command.matchAll(WORD)) {
    if (SHELL_WORDS.has(raw)) {
      throw badCommand(command, `"${raw}" is for a shell. Write: sh -c '...'`);
    }
    words.push(raw.replaceAll(PART, unquoted));
  }
  if (words.length === 0) throw badCommand(command, 'it has no words.');
  // What is in no word are blanks, or a quote or a backslash that nothing follows.
  const rest = command.replaceAll(WORD, '').trim();
  if (rest !== '') throw badCommand(command, `a ${rest.charAt(0)} is not closed.`);
  return words;
}

/** An error about a command that cannot be run. */
export function badCommand(command: string, reason: string): ExpError {
  return new ExpError('EXP_USAGE', `The command "${command}" cannot be run: ${reason}`);
}

const PARTS = String.raw`'[^']*'|"(?:\\[^]|[^"\\])*"|\\[^]|[^\s'"\\]`;
const WORD = new RegExp(`(?:${PARTS})+`, 'g');
const PART = new RegExp(PARTS, 'g');

function unquoted(part: string): string {
  if (part.startsWith("'")) return part.slice(1, -1);
  if (part.startsWith('"')) return part.slice(1, -1).replaceAll(/\\(["\\$`])/g, '$1');
  return part.startsWith('\\') ? part.slice(1) : part;
}
