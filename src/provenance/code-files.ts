import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import type { build as Build, BuildOptions, Plugin } from 'esbuild';
import type { CodeFiles } from '../core/sources.ts';

const CODE = /^\.[cm]?[jt]sx?$/;

/**
 * The local files that some files consist of with all they import, dynamic imports of a fixed name
 * included, and what each holds now. Packages are left out. Files that cannot be followed stand for
 * themselves. Never throws.
 */
export async function codeFiles(entries: readonly string[]): Promise<CodeFiles> {
  const code = entries.filter((entry) => CODE.test(extname(entry)));
  const paths = new Set([...entries, ...(await importedBy(code))]);
  const hashed = [...paths].flatMap((path) => {
    const hash = hashOf(path);
    return hash === undefined ? [] : [[path, hash] as const];
  });
  return Object.fromEntries(hashed);
}

/** The SHA-256 of what a file holds; `undefined` for one that cannot be read. */
export function hashOf(path: string): string | undefined {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch {
    return undefined;
  }
}

async function importedBy(entries: readonly string[]): Promise<string[]> {
  if (entries.length === 0) return [];
  // Loaded when asked for: it takes longer than most commands.
  const { build, stop } = await import('esbuild');
  try {
    // Without a tsconfig, decorators are legacy ones: these may stand on parameters.
    return await follow(build, entries).catch(() => follow(build, entries, LEGACY));
  } catch {
    // a syntax of the loader's own, or an import that only it resolves
    return [];
  } finally {
    await stop();
  }
}

const LEGACY = { tsconfigRaw: { compilerOptions: { experimentalDecorators: true } } } as const;

async function follow(
  build: typeof Build,
  entries: readonly string[],
  options: BuildOptions = {},
): Promise<string[]> {
  const dir = dirname(entries[0]!);
  const { metafile } = await build({
    entryPoints: [...entries],
    absWorkingDir: dir,
    bundle: true,
    metafile: true,
    write: false,
    outdir: dir,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
    plugins: [NO_CODE],
    ...options,
  });
  return Object.keys(metafile!.inputs)
    .map((path) => resolve(dir, path))
    .filter((path) => !path.includes('/node_modules/'));
}

/** Takes in what esbuild would not know how to bundle, whatever its kind. */
const NO_CODE: Plugin = {
  name: 'no-code',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.[^./\\]+$/ }, ({ path }) =>
      CODE.test(extname(path)) || path.endsWith('.json')
        ? undefined
        : { contents: '', loader: 'empty' },
    );
  },
};
