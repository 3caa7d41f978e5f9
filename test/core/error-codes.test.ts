import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readmeErrorCodes } from '../helpers/readme.ts';
import { REPO } from '../helpers/run-exp.ts';

test('the README explains every error code, and no other', () => {
  const source = readFileSync(join(REPO, 'src/core/errors.ts'), 'utf8');
  const codes = [...source.matchAll(/^ {2}\| '(EXP_[A-Z]+)'/gm)].map(([, code]) => code);

  expect(readmeErrorCodes()).toEqual(codes);
});
