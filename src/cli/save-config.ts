import { writeFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { isStructured } from '../config/value-file.ts';
import { ExpError, messageOf } from '../core/errors.ts';

/** The format a file's name asks for. @throws {ExpError} EXP_USAGE for another ending. */
export function configFormat(file: string): 'json' | 'yaml' {
  if (!isStructured(file)) {
    throw new ExpError(
      'EXP_USAGE',
      `--save-config writes YAML or JSON: name a file ending in .yaml or .json, got "${file}".`,
    );
  }
  return extname(file).toLowerCase() === '.json' ? 'json' : 'yaml';
}

/** Writes a new file. @throws {ExpError} EXP_FILE if there is one already. */
export function saveConfig(file: string, text: string): void {
  try {
    writeFileSync(resolve(file), text, { flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = REASONS.get(code ?? '')?.(file) ?? messageOf(error);
    throw new ExpError('EXP_FILE', `Cannot save to "${file}": ${reason}.`, { cause: error });
  }
}

const REASONS = new Map<string, (file: string) => string>([
  ['EEXIST', () => 'it exists already; remove it, or name another'],
  ['ENOENT', (file) => `there is no directory "${dirname(file)}"; make it first`],
  ['ENOTDIR', (file) => `"${dirname(file)}" is no directory`],
  ['EACCES', () => 'you may not write there'],
]);
