import { readFileSync } from 'node:fs';
import type { LoadFnOutput, LoadHookContext } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { MessagePort } from 'node:worker_threads';
import { transformSync } from 'esbuild';
import { restoreNames } from './original-names.ts';
import { esbuildLoader, locateSyntaxError } from './syntax-error.ts';
import { tsconfigFor } from './tsconfig.ts';

let port: MessagePort | undefined;

/** Told where to say which modules are loaded. */
export function initialize(data: { readonly port: MessagePort }): void {
  port = data.port;
  // The thread of the hooks ends when nothing else keeps the process.
  port.unref();
}

type Next<Output> = (url: string, context?: Partial<LoadHookContext>) => Output;

/**
 * A load hook for TypeScript files with standard decorators, which the main loader refuses: it sends
 * them through esbuild and leaves all other files to the next hook. Which dialect a file is written
 * in, its tsconfig says; without one it is the legacy one.
 * @throws {SyntaxError} with file, line and column.
 */
export function load<Output>(
  url: string,
  context: LoadHookContext,
  next: Next<Output>,
): Output | LoadFnOutput {
  // What packages are made of is enough: the code of the project is recorded otherwise.
  if (url.includes('/node_modules/')) port?.postMessage(url);
  const file = userFile(url);
  if (file === undefined) return next(url, context);
  const fail = (error: unknown): never => {
    throw locateSyntaxError(error, file);
  };
  try {
    const loaded = loadStandard(file) ?? next(url, context);
    return loaded instanceof Promise ? (loaded.catch(fail) as Output) : loaded;
  } catch (error) {
    return fail(error);
  }
}

function userFile(url: string): string | undefined {
  if (!url.startsWith('file:') || !/\.[cm]?[jt]sx?(\?|$)/.test(url)) return undefined;
  return url.includes('/node_modules/') ? undefined : fileURLToPath(url.replace(/[?#].*$/, ''));
}

function loadStandard(file: string): LoadFnOutput | undefined {
  if (!/\.(ts|mts|tsx)$/.test(file)) return undefined;
  const source = readFileSync(file, 'utf8');
  if (!/@|\baccessor\b/.test(source)) return undefined;
  const tsconfig = tsconfigFor(file);
  if (tsconfig === undefined || tsconfig.usesLegacyDecorators) return undefined;
  const { code, map } = transformSync(source, {
    loader: esbuildLoader(file),
    format: 'esm',
    target: 'es2022',
    keepNames: true,
    sourcemap: 'external',
    sourcefile: file,
    logLevel: 'silent',
    tsconfigRaw: { compilerOptions: pick(tsconfig.compilerOptions) },
  });
  const mapUrl = `data:application/json;base64,${Buffer.from(map).toString('base64')}`;
  const named = restoreNames(code, map);
  return {
    format: 'module',
    source: `${named}\n//# sourceMappingURL=${mapUrl}\n`,
    shortCircuit: true,
  };
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
