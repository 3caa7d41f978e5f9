import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { REPO } from './run-exp.ts';

/** Compiler options of the two dialects, as a user's tsconfig.json has them. */
export const STANDARD = { target: 'es2022', module: 'nodenext' };
export const LEGACY = { ...STANDARD, experimentalDecorators: true, emitDecoratorMetadata: true };

/** Writes a small project that has this package and zod installed. Objects are written as JSON. */
export function writeProject(dir: string, files: Readonly<Record<string, string | object>>): void {
  mkdirSync(join(dir, 'node_modules'), { recursive: true });
  symlinkSync(REPO, join(dir, 'node_modules/exptools'));
  symlinkSync(join(REPO, 'node_modules/zod'), join(dir, 'node_modules/zod'));
  for (const [name, content] of Object.entries({ 'package.json': {}, ...files })) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
}
