import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processState } from '../core/process-state.ts';
import { tryRead } from '../files/try-read.ts';

/** A package that code was loaded from. */
interface Package {
  readonly name: string;
  readonly version: string;
}

interface Known {
  /** Ask for the URLs of modules loaded since they were asked last; a loader has to tell. */
  readonly sources: (() => Iterable<string>)[];
  readonly packages: Map<string, Set<string>>;
  readonly seen: Set<string>;
  readonly byDir: Map<string, Package | undefined>;
}

const known = processState('loaded-packages', (): Known => ({
  sources: [],
  packages: new Map(),
  seen: new Set(),
  byDir: new Map(),
}));

/** Has {@link loadedPackages} ask a loader for the URLs of modules it has loaded since. */
export function addModuleSource(source: () => Iterable<string>): void {
  known.sources.push(source);
}

/**
 * The installed packages that modules of this process have come from, with their versions: what our
 * loader has loaded, and all that `require` has. The project's own code is none of them.
 */
export function loadedPackages(): Record<string, string | readonly string[]> {
  for (const source of known.sources) for (const url of source()) note(pathOf(url));
  for (const path of Object.keys(requireCache())) note(path);
  const entries = [...known.packages]
    .map(([name, versions]) => [name, [...versions].sort()] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.map(([name, versions]) => [name, versions.length === 1 ? versions[0]! : versions]),
  );
}

function requireCache(): object {
  return createRequire(import.meta.url).cache;
}

function pathOf(url: string): string | undefined {
  if (!url.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(url.replace(/[?#].*$/, ''));
  } catch {
    // of another host, or with an escaped slash: no package's
    return undefined;
  }
}

function note(path: string | undefined): void {
  if (path === undefined || known.seen.has(path)) return;
  known.seen.add(path);
  const found = packageOf(path);
  if (found === undefined) return;
  const versions = known.packages.get(found.name);
  if (versions === undefined) known.packages.set(found.name, new Set([found.version]));
  else versions.add(found.version);
}

/** `node_modules/zod` or `node_modules/@tensorflow/tfjs`, the innermost. */
const PACKAGE_DIR = /^(?:.*[\\/])node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/s;

function packageOf(path: string): Package | undefined {
  const dir = PACKAGE_DIR.exec(path)?.[0];
  if (dir === undefined) return undefined;
  if (!known.byDir.has(dir)) known.byDir.set(dir, readPackage(dir));
  return known.byDir.get(dir);
}

function readPackage(dir: string): Package | undefined {
  try {
    const { name, version } = JSON.parse(tryRead(join(dir, 'package.json')) ?? '') as Package;
    return typeof name === 'string' && typeof version === 'string' ? { name, version } : undefined;
  } catch {
    return undefined;
  }
}

/** Where the project is that a process runs: beside its main script, unless that is a package's. */
export function mainDirectory(): string {
  const main = process.argv[1];
  if (main === undefined || /[\\/]node_modules[\\/]/.test(main)) return process.cwd();
  return dirname(main);
}
