import { dirname, join, resolve } from 'node:path';
import { existsSync, statSync } from 'node:fs';
import { createFilesMatcher, getTsconfig, parseTsconfig, type TsConfigResult } from 'get-tsconfig';

/** The tsconfig that speaks for a file. */
export interface FileTsconfig {
  readonly path: string;
  readonly usesLegacyDecorators: boolean;
  /** False when the file lies outside of `include` and `files`. */
  readonly coversFile: boolean;
  readonly compilerOptions: NonNullable<TsConfigResult['config']['compilerOptions']>;
}

const cache = new Map<string, unknown>();

/**
 * Finds the tsconfig for a file: the nearest one or, where that only refers to others, the one of
 * those that covers the file. `undefined` means there is none.
 */
export function tsconfigFor(file: string): FileTsconfig | undefined {
  const nearest = getTsconfig(dirname(file), 'tsconfig.json', cache);
  if (nearest === null) return undefined;
  const chosen = [nearest, ...referenced(nearest)].find((one) => covers(one, file)) ?? nearest;
  const compilerOptions = chosen.config.compilerOptions ?? {};
  return {
    path: chosen.path,
    usesLegacyDecorators: compilerOptions.experimentalDecorators === true,
    coversFile: covers(chosen, file),
    compilerOptions,
  };
}

function referenced({ path, config }: TsConfigResult): TsConfigResult[] {
  return (config.references ?? [])
    .map((reference) => resolve(dirname(path), reference.path))
    .map((at) => (existsSync(at) && statSync(at).isDirectory() ? join(at, 'tsconfig.json') : at))
    .filter(existsSync)
    .map((at) => ({ path: at, config: parseTsconfig(at, cache as Map<string, string>) }));
}

function covers(tsconfig: TsConfigResult, file: string): boolean {
  return createFilesMatcher(tsconfig)(file) !== undefined;
}
