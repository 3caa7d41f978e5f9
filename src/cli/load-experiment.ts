import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { ExpError, isExpError, messageOf } from '../core/errors.ts';
import type { Definition } from '../experiment/definition.ts';
import { selectExperiment } from '../experiment/registry.ts';
import { registerLoader } from '../loader/register-loader.ts';

/**
 * Imports the user's file and returns its experiment.
 * @throws {ExpError} EXP_FILE if it does not load, EXP_DECORATOR or EXP_EXPERIMENT for misuse.
 */
export async function loadExperiment(file: string, name?: string): Promise<Definition> {
  await registerLoader(file);
  const { href } = pathToFileURL(file);
  let namespace: Record<string, unknown>;
  try {
    namespace = (await import(href)) as Record<string, unknown>;
  } catch (error) {
    throw isExpError(error) ? error : await loadError(file, error);
  }
  // A CommonJS module shows its exports as those of its default.
  const inner =
    typeof namespace['default'] === 'object' ? Object.values(namespace['default'] ?? {}) : [];
  return selectExperiment(file, href, [...Object.values(namespace), ...inner], name);
}

async function loadError(file: string, error: unknown): Promise<ExpError> {
  const message = (await syntaxError(file)) ?? messageOf(error);
  const explained = new ExpError('EXP_FILE', `Cannot load "${file}": ${message}`, { cause: error });
  if (error instanceof Error && error.stack !== undefined) explained.stack = error.stack;
  return explained;
}

/** Where the file does not parse, as `main.ts:3:7`: the loader's own message has no place. */
async function syntaxError(file: string): Promise<string | undefined> {
  const { transform } = await import('esbuild');
  try {
    await transform(readFileSync(file, 'utf8'), {
      loader: file.endsWith('x') ? 'tsx' : 'ts',
      sourcefile: file,
      tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    });
    return undefined;
  } catch (error) {
    const [first] = (error as { errors?: readonly SyntaxMessage[] }).errors ?? [];
    if (first === undefined) return undefined;
    const { line = 0, column = 0, lineText = '' } = first.location ?? {};
    return `${first.text}\n  ${file}:${line}:${column + 1}\n  ${lineText.trim()}`;
  }
}

interface SyntaxMessage {
  readonly text: string;
  readonly location?: {
    readonly line: number;
    readonly column: number;
    readonly lineText: string;
  } | null;
}
