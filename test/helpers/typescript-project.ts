import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { REPO } from './run-exp.ts';

/** Compiler options of the two dialects, as a user's tsconfig.json has them. */
export const STANDARD = { target: 'es2022', module: 'nodenext' };
export const LEGACY = { ...STANDARD, experimentalDecorators: true, emitDecoratorMetadata: true };

/** Makes `dir` a small project that has this package and zod installed. */
export function writeProject(dir: string, files: Files): void {
  mkdirSync(join(dir, 'node_modules'), { recursive: true });
  symlinkSync(REPO, join(dir, 'node_modules/exptools'));
  symlinkSync(join(REPO, 'node_modules/zod'), join(dir, 'node_modules/zod'));
  writeFiles(dir, { 'package.json': {}, ...files });
}

/** What a file holds by its path; objects are written as JSON. */
export type Files = Readonly<Record<string, string | object>>;

export function writeFiles(dir: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
}
