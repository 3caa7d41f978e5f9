import { ExpError } from '../core/errors.ts';
import { typeText } from './type-text.ts';
import { alternatives, choicesOf, typesOf, type JsonSchema } from './json-schema.ts';
import { splitOutside, unquote } from '../core/split.ts';

/**
 * Reads the text of an override by the type its schema asks for, so that `true` is a boolean for a
 * flag and text for a name. `schema` is `'open'` where anything goes: JSON then, or else text that
 * does not look like a list or an object.
 * @throws {ExpError} EXP_CONFIG if the text is no such value.
 */
export function parseValue(path: string, text: string, schema: JsonSchema | 'open'): unknown {
  if (schema === 'open') return parseAny(path, text);
  const choices = choicesOf(schema);
  const chosen = choices.find((choice) => String(choice) === unquote(text));
  if (chosen !== undefined) return chosen;
  // Beside the values it lists, a union may take others: 'auto' or a number.
  const types = alternatives(schema)
    .filter((one) => choicesOf(one).length === 0)
    .flatMap(typesOf);
  if (types.length === 0 && choices.length === 0) return parseAny(path, text);
  if (text === 'null' && types.includes('null')) return null;
  if (types.includes('boolean') && /^(true|false)$/.test(text)) return text === 'true';
  if (types.includes('number') || types.includes('integer')) {
    const number = parseNumber(text);
    if (number !== undefined) return number;
  }
  if (types.includes('array') && text.startsWith('[')) return parseList(path, text, schema);
  if (types.includes('object') && text.startsWith('{')) return parseJson(path, text);
  if (types.includes('string')) return unquote(text);
  const isSwept =
    splitOutside(text, ',').length > 1 || /^(choice|range|interval|tag|int)\(.*\)$/.test(text);
  const sweepHint = isSwept ? ' To sweep over values, add --sweep.' : '';
  throw new ExpError(
    'EXP_CONFIG',
    `Config "${path}" must be ${typeText(schema)}, got "${text}".${sweepHint}`,
  );
}

function parseNumber(text: string): number | undefined {
  if (/^[+-]?(\d+(_\d+)*\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text))
    return Number(text.replaceAll('_', ''));
  if (/^0(x[0-9a-f]+|o[0-7]+|b[01]+)$/i.test(text)) return Number(text);
  const special = /^([+-]?)\.?(inf|infinity|nan)$/i.exec(text);
  if (special === null) return undefined;
  if (special[2]?.toLowerCase() === 'nan') return Number.NaN;
  return special[1] === '-' ? -Infinity : Infinity;
}

function parseList(path: string, text: string, schema: JsonSchema): unknown[] {
  const inner = /^\[(.*)\]$/s.exec(text)?.[1];
  if (inner === undefined) {
    throw new ExpError('EXP_CONFIG', `Config "${path}" is a list without its "]": got "${text}".`);
  }
  if (inner.trim() === '') return [];
  const list = alternatives(schema).find((one) => typesOf(one).includes('array'));
  return splitOutside(inner, ',').map((item, i) =>
    parseValue(`${path}[${i}]`, item.trim(), list?.prefixItems?.[i] ?? (list?.items || 'open')),
  );
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ExpError('EXP_CONFIG', `Config "${path}" is no JSON: got "${text}".`, {
      cause: error,
    });
  }
}

function parseAny(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/^[[{]/.test(text)) return unquote(text);
    throw new ExpError(
      'EXP_CONFIG',
      `Config "${path}" is no JSON: got "${text}". If it is text, quote it: ${JSON.stringify(text)}.`,
      { cause: error },
    );
  }
}
