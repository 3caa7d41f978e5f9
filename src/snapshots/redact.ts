import { isPlainObject, type Json } from '../core/json.ts';

/** The value without what stands under keys that name secrets: tags are there to be shared. */
export function redacted(value: Json): Json {
  if (Array.isArray(value)) return value.map((one: Json) => redacted(one));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value as Record<string, Json>).map(([key, inner]) => [
      key,
      isSecretName(key) && typeof inner === 'string' ? '(redacted)' : redacted(inner),
    ]),
  );
}

/** True for `password`, `apiKey`, `HF_TOKEN`; not for `tokens`, `padToken` or `keyFrame`. */
export function isSecretName(name: string): boolean {
  const words = name.replace(/([a-z0-9])(?=[A-Z])/g, '$1_').toLowerCase();
  return SECRET.test(words);
}

const SECRET = new RegExp(
  [
    '(^|[^a-z])(pass(word|wd|phrase)?|secret|credentials?|auth|authorization)$',
    '(^|[^a-z])(api|access|private|secret|ssh|signing|encryption)[^a-z]?key$',
    // Others are what a language model reads.
    '(^|[.]|(^|[^a-z])(api|access|auth|bearer|refresh|session|hf|gh|github|gitlab|wandb|npm)[^a-z]?)token$',
  ].join('|'),
);
