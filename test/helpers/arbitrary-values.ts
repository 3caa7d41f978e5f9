import fc from 'fast-check';

/** Text that looks like something else to one format or another. */
export const word = fc.oneof(
  fc.constantFrom(
    'no',
    'yes',
    'true',
    'null',
    '~',
    '1.10',
    '1_000',
    '0x10',
    'inf',
    'nan',
    '.inf',
    '-inf',
    '@x',
    '@@x',
    '',
    ' ',
    ' a ',
    'a: b',
    '- a',
    '# a',
    '"q"',
    "'q'",
    '[1,2',
    '{',
    '|',
    '>',
    'two\nlines',
    'end\n',
    '\n',
    'tab\there',
    'a  b',
    '2026-01-31',
    '<<',
    '&a',
    '*a',
    '!t',
    'größe 学 😀',
    '\u0000',
    '\u2028',
    '\uFEFF',
    'x'.repeat(200),
    'a '.repeat(80),
  ),
  fc.string(),
  fc.string({ unit: 'grapheme' }),
);

/** Names that read like paths, marks of the grammar, or anything else. */
export const key = fc
  .oneof(
    fc.constantFrom(
      'a',
      'known',
      'known:',
      '~known',
      '+known',
      'known.x',
      'a.b',
      'a[0]',
      '0',
      '-1',
    ),
    fc.constantFrom('<<', '["a"]', `["a"]:`, 'say "hi"', "it's", `"'`, '', ' ', 'null', '~', '@a'),
    fc.constantFrom('constructor', 'a=b', 'seed', 'extends', '\\', 'a:', '# a', '? a'),
    word,
    // zod drops __proto__ from records
  )
  .filter((name) => name !== '__proto__');

/** Numbers, special ones too. */
export const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(-0, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, 0.1 + 0.2),
);

/** Numbers that JSON has. */
export const finite = number.filter(Number.isFinite);
const plain = fc.oneof(word, finite, fc.boolean(), fc.constant(null));

/** Plain data, nested. */
export const nested = fc.letrec((tie) => ({
  it: fc.oneof(
    { maxDepth: 3 },
    plain,
    fc.array(tie('it'), { maxLength: 3 }),
    fc.dictionary(key, tie('it'), { maxKeys: 3 }),
  ),
})).it;
