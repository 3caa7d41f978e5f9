import { readFileSync } from 'node:fs';
import { transformSync, type Message } from 'esbuild';

/**
 * The error that says where a file does not parse, as `main.ts:3:7`; the loader's own says nothing
 * of the place. An error of another kind is returned as it is.
 */
export function locateSyntaxError(error: unknown, file: string): unknown {
  try {
    const source = readFileSync(file, 'utf8');
    transformSync(source, { loader: esbuildLoader(file), sourcefile: file, logLevel: 'silent' });
    return error;
  } catch (failure) {
    const [first] = (failure as { errors?: readonly Message[] }).errors ?? [];
    if (first?.location === undefined || first.location === null) return error;
    const { line, column, lineText } = first.location;
    const place = `${file}:${line}:${column + 1}`;
    return new SyntaxError(`${first.text}\n  ${place}\n  ${lineText.trim()}`, { cause: error });
  }
}

/** How esbuild is to read a file. */
export function esbuildLoader(file: string): 'ts' | 'tsx' {
  return file.endsWith('x') ? 'tsx' : 'ts';
}
