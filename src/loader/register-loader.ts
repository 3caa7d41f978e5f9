import module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTsconfigPath } from '@oxc-node/core';
import { urlChannel } from './loaded-urls.ts';
import { tsconfigFor } from './tsconfig.ts';

// By its own name, since the distance to package.json differs between source and build.
const packageDir = dirname(createRequire(import.meta.url).resolve('exptools/package.json'));

/**
 * Makes this process able to import TypeScript, with decorators of both dialects. Nothing is
 * written to the environment, so the user's own child processes are left alone.
 *
 * @param main absolute path of the user's file. Where its tsconfig does not cover it, or there is
 *   none, that choice is made for it: legacy decorators with metadata when there is none. The first
 *   call decides for the process; later ones wait for it.
 */
export function registerLoader(main: string): Promise<void> {
  return (registered ??= register(main));
}

let registered: Promise<void> | undefined;

async function register(main: string): Promise<void> {
  const tsconfig = tsconfigFor(main);
  if (tsconfig === undefined) setTsconfigPath(join(packageDir, 'src/loader/legacy-tsconfig.json'));
  else if (!tsconfig.coversFile) setTsconfigPath(tsconfig.path);
  // @ts-expect-error -- the package ships no types for this entry
  await import('@oxc-node/core/register');
  // Registered last, asked first.
  if (hasCompleteSyncHooks()) {
    const { initialize, load } = await import('./standard-decorators.ts');
    initialize(urlChannel().data);
    // In Node since 22.15, and so missing from the types of the oldest Node we support.
    (module as unknown as { registerHooks(hooks: object): void }).registerHooks({ load });
  } else {
    module.register('./standard-decorators.js', import.meta.url, urlChannel());
  }
}

/** As @oxc-node/core decides it, since both must use the same kind of hook. */
function hasCompleteSyncHooks(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 26 || (major === 26 && minor >= 2);
}
