import { readFileSync } from 'node:fs';
import type { LoadFnOutput, LoadHookContext } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { tsconfigFor } from './tsconfig.ts';

type Next<Output> = (url: string, context?: Partial<LoadHookContext>) => Output;

/**
 * A load hook for TypeScript files with standard decorators, which the main loader refuses: it sends
 * them through esbuild and leaves all other files to the next hook. Which dialect a file is written
 * in, its tsconfig says; without one it is the legacy one.
 */
export function load<Output>(
  url: string,
  context: LoadHookContext,
  next: Next<Output>,
): Output | LoadFnOutput {
  const file = decoratedFile(url);
  if (file === undefined) return next(url, context);
  const source = readFileSync(file, 'utf8');
  if (!/@|\baccessor\b/.test(source)) return next(url, context);
  const tsconfig = tsconfigFor(file);
  if (tsconfig === undefined || tsconfig.usesLegacyDecorators) return next(url, context);
  const { code } = transformSync(source, {
    loader: file.endsWith('x') ? 'tsx' : 'ts',
    format: 'esm',
    target: 'es2022',
    keepNames: true,
    sourcemap: 'inline',
    sourcefile: file,
    tsconfigRaw: { compilerOptions: pick(tsconfig.compilerOptions) },
  });
  return { format: 'module', source: code, shortCircuit: true };
}

function decoratedFile(url: string): string | undefined {
  if (!url.startsWith('file:') || !/\.(ts|mts|tsx)(\?|$)/.test(url)) return undefined;
  return url.includes('/node_modules/') ? undefined : fileURLToPath(url.replace(/[?#].*$/, ''));
}

/** The options that change what the code means; the others are for the type checker. */
function pick(options: Record<string, unknown>): Record<string, unknown> {
  const names = [
    'useDefineForClassFields',
    'jsx',
    'jsxFactory',
    'jsxFragmentFactory',
    'jsxImportSource',
  ];
  return Object.fromEntries(
    names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
}
