/** The words for the numbers that neither JSON nor CSV has: one spelling in every text file. */
const WORDS: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Infinity],
  ['-inf', -Infinity],
]);

/** The word for NaN or an infinity; `undefined` for numbers that are spelled in digits. */
export function wordFor(value: number): string | undefined {
  if (Number.isFinite(value)) return undefined;
  if (Number.isNaN(value)) return 'nan';
  return value > 0 ? 'inf' : '-inf';
}

/** The number a word stands for, if it stands for one. */
export function numberFor(word: string): number | undefined {
  return WORDS.get(word);
}
