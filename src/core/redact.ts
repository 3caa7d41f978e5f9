import { isPlainObject, type Json } from './json.ts';

/** What stands in place of a secret. */
export const REDACTED = '[redacted]';

const SECRET_WORDS: ReadonlySet<string> = words(`
    password passwords passwd passphrase passcode pwd pass secret secrets credential
    credentials creds apikey authtoken auth authorization cookie bearer dsn
`);

/** Before `key`, in any place: an access key's id is no secret to show either. */
const KEY_KINDS: ReadonlySet<string> = words(`
    api access private secret ssh encryption signing auth account service license master
    deploy
`);

/** Before `token`, in the last place: what a language model reads. */
const MODEL_TOKENS: ReadonlySet<string> = words(`
    pad eos bos unk sep cls mask stop start end image special
`);

/** True for the name of a variable, flag or config key whose value is likely to be a secret. */
function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1);
  return (
    words.some((word) => SECRET_WORDS.has(word)) ||
    words.some((word, i) => word === 'key' && KEY_KINDS.has(words[i - 1] ?? '')) ||
    last === 'key' ||
    (last === 'token' && !MODEL_TOKENS.has(words.at(-2) ?? ''))
  );
}

/** `OPENAI_API_KEY`, `apiKey`, `--api-key` and `service.apiKey` as words. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** Tokens whose form gives them away. */
const KNOWN_TOKENS =
  /\b(sk-[\w-]{16,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|(AKIA|ASIA)[0-9A-Z]{16}|AIza[\w-]{30,}|hf_\w{20,}|npm_\w{30,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)/g;

/** A URL's `user:password@`, of which the user may be seen. */
const URL_PASSWORD = /\b([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):[^\s/@]+@/gi;

/** A text without what looks like a token, a key or a password. */
export function redactText(text: string): string {
  if (text.includes('-----BEGIN ') || isRandomText(text)) return REDACTED;
  return text.replaceAll(KNOWN_TOKENS, REDACTED).replaceAll(URL_PASSWORD, `$1:${REDACTED}@`);
}

/** True for one long word of mixed letters and digits without order. */
function isRandomText(text: string): boolean {
  if (!/^[\w+-]{32,}={0,2}$/.test(text)) return false;
  const changes = text.match(/[a-z](?=[A-Z0-9])|[A-Z](?=[a-z0-9])|[0-9](?=[A-Za-z])/g) ?? [];
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/].filter((kind) => kind.test(text)).length;
  return kinds === 3 && changes.length > text.length / 4;
}

/** The value of something that has a name: a variable, a flag, a config key. */
export function redactValue(name: string, value: string): string {
  return value !== '' && isSecretName(name) && !isHarmless(value) ? REDACTED : redactText(value);
}

/** A value that JSON has, without the secrets in it: what has such a name, or looks like one. */
export function redactJson(value: Json, name = ''): Json {
  if (typeof value === 'string') return redactValue(name, value);
  if (Array.isArray(value)) return value.map((one: Json) => redactJson(one, name));
  if (!isPlainObject(value)) return value;
  const entries = Object.entries(value as Record<string, Json>);
  return Object.fromEntries(entries.map(([key, one]) => [key, redactJson(one, key)]));
}

/** Numbers and truth values are settings, whatever they are called. */
function isHarmless(value: string): boolean {
  return /^([+-]?[\d._]{1,12}(e[+-]?\d+)?|true|false|null|none|yes|no|on|off)$/i.test(value);
}

/** A word of a command line: `--api-key=...`, `apiKey=...`, or a whole command in one word. */
const ASSIGNED = /(^|[\s"'{,])([-~+]*[\w.[\]-]+)(:?:?=|=)("[^"]*"|'[^']*'|[^\s]+)/g;
const FLAG_AND_VALUE = /(^|\s)(--?[\w-]+)(\s+)("[^"]*"|'[^']*'|[^\s-]\S*)/g;

/** A word of a command line without the secrets in it. */
export function redactWord(word: string): string {
  const assigned = word
    .replaceAll(
      ASSIGNED,
      (_, before: string, name: string, sign: string, value: string) =>
        `${before}${name}${sign}${redactValue(name, value)}`,
    )
    .replaceAll(
      FLAG_AND_VALUE,
      (_, before: string, flag: string, space: string, value: string) =>
        `${before}${flag}${space}${redactValue(flag, value)}`,
    );
  return redactText(assigned);
}

/** The words of a command line without the secrets among them. */
export function redactWords(words: readonly string[]): string[] {
  return words.map((word, i) => {
    const before = words[i - 1] ?? '';
    const isValue = /^--?[\w-]+$/.test(before) && !word.startsWith('-');
    return isValue && isSecretName(before) ? redactValue(before, word) : redactWord(word);
  });
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
