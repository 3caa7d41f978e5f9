/** What a program said first, without the word that it begins errors with. */
export function firstLine(text: string): string {
  return text.split('\n', 1)[0]!.replace(/^(fatal|error): /, '');
}
