import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExpError, messageOf } from '../core/errors.ts';
import { isPlainObject, jsonLine, jsonText } from '../core/json.ts';
import { VARIANT_FILE } from '../core/layout.ts';
import { writeAtomically } from '../files/atomic-write.ts';

/**
 * Writes a variant to `variant_config.json` in its directory, which is made where it is missing; a
 * file that is there is replaced. Numbers that JSON lacks become words: `nan`, `inf`, `-inf`.
 */
export function saveVariant(variant: object, logDir: string): void {
  mkdirSync(logDir, { recursive: true });
  writeAtomically(join(logDir, VARIANT_FILE), jsonText(variant));
}

/**
 * Reads what {@link saveVariant} wrote.
 * @throws {ExpError} EXP_FILE if there is no such file, or it holds no variant.
 */
export function loadVariant(logDir: string): Record<string, unknown> {
  const path = join(logDir, VARIANT_FILE);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ExpError('EXP_FILE', `"${path}" holds no variant: ${messageOf(error)}.`, {
      cause: error,
    });
  }
  if (isPlainObject(value)) return value;
  throw new ExpError('EXP_FILE', `"${path}" holds no variant, but ${jsonLine(value)}.`);
}
