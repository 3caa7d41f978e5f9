import { ExpError, suggest } from './errors.ts';

const BRACES = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

/**
 * The word with `{name}` replaced by the value of that name; `{{` and `}}` are braces.
 * @throws {ExpError} EXP_USAGE for an unknown name, with the nearest known one, and a lone brace.
 */
export function fillIn(
  word: string,
  valueOf: (name: string) => string | undefined,
  known: readonly string[],
): string {
  return word.replaceAll(BRACES, (found, name: string | undefined) => {
    if (found === '{{' || found === '}}') return found.charAt(0);
    if (name === undefined) {
      throw new ExpError('EXP_USAGE', `"${word}" has a lone "${found}". Write "${found}${found}".`);
    }
    const value = valueOf(name);
    if (value !== undefined) return value;
    throw new ExpError(
      'EXP_USAGE',
      `Nothing is called "${name}", as in "${word}". ${suggest(name, known)} Braces are written {{ and }}.`,
    );
  });
}

/** Text that {@link fillIn} leaves as it is. */
export function literal(text: string): string {
  return text.replaceAll(/[{}]/g, '$&$&');
}
