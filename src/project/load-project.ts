import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { ExpError, messageOf } from '../core/errors.ts';
import { userPlace } from '../core/place.ts';
import { processState } from '../core/process-state.ts';
import { checkProjectConfig } from './check-config.ts';
import { findProject, type ProjectPlace } from './find-project.ts';
import { withDefaults, type Project, type ProjectConfig } from './project-config.ts';
import { placeText, readDataFile, type DataFile } from './read-data.ts';

/** Project files that are code and were imported: code is loaded once a process. */
const imported = processState('project-files', () => new Map<string, unknown>());

/**
 * Loads the project around a directory. A project file in TypeScript is imported as the process
 * imports TypeScript; where it cannot, our loader is registered first.
 * @throws {ExpError} EXP_CONFIG for a file that does not load, or one line for every bad value.
 */
export async function loadProject(from: string): Promise<Project> {
  const place = findProject(from);
  const { file } = place;
  if (file === undefined || isData(file)) return readProject(place);
  if (!imported.has(file)) {
    try {
      imported.set(file, defaultOf(file, await importCode(file)));
    } catch (error) {
      throw cannotLoad(file, error);
    }
  }
  return check(place, { value: imported.get(file), lineOf: () => undefined });
}

/**
 * As {@link loadProject}, for code that cannot wait. A project file that is code must have been
 * loaded before, or be such that `require` can load it.
 * @throws {ExpError} EXP_CONFIG
 */
export function loadProjectNow(from: string): Project {
  const place = findProject(from);
  const { file } = place;
  if (file === undefined || isData(file)) return readProject(place);
  if (!imported.has(file)) {
    try {
      imported.set(file, defaultOf(file, createRequire(file)(file)));
    } catch (error) {
      throw cannotLoad(file, error, needsTime(error) ? WAYS_OUT : '');
    }
  }
  return check(place, { value: imported.get(file), lineOf: () => undefined });
}

/** True for a project file that only a loader can import on every version of Node. */
export function isTypeScript(file: string): boolean {
  return /\.m?ts$/.test(file);
}

function isData(file: string): boolean {
  return /\.(json|ya?ml)$/.test(file);
}

function readProject(place: ProjectPlace): Project {
  return place.file === undefined
    ? withDefaults(place, {})
    : check(place, readDataFile(place.file));
}

function check(place: ProjectPlace, { value, lineOf }: DataFile): Project {
  const problems = checkProjectConfig(value);
  if (problems.length === 0) return withDefaults(place, value as ProjectConfig);
  const lines = problems.map(({ path, text }) => {
    const name = path.length === 0 ? 'its content' : `"${pathText(path)}"`;
    return `${placeText(place.file!, lineOf(path))}: ${name} ${text}`;
  });
  throw new ExpError('EXP_CONFIG', lines.join('\n'));
}

/** `sinks[1]`, `sources.backup`. */
function pathText(path: readonly (string | number)[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .slice(1);
}

async function importCode(file: string): Promise<unknown> {
  const { href } = pathToFileURL(file);
  try {
    return await import(href);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!isTypeScript(file) || !NO_LOADER.has(code ?? '')) throw error;
    const { registerLoader } = await import('../loader/register-loader.ts');
    await registerLoader(file);
    // Node remembers that the file could not be loaded; under another name it is another module.
    return import(`${href}?exptools`);
  }
}

/** What Node says of TypeScript that it cannot load by itself. */
const NO_LOADER: ReadonlySet<string> = new Set([
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
]);

const WAYS_OUT =
  '\nHere it must be loaded without waiting, since openRun has no function to call. Give it one, ' +
  'openRun(options, (run) => ...), or start the program with node --import exptools/register, ' +
  'or write the project file in YAML or JSON.';

function needsTime(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return error instanceof SyntaxError || NO_LOADER.has(code) || code.startsWith('ERR_REQUIRE_');
}

/** What a module has as its default export; CommonJS hides it in another default. */
function defaultOf(file: string, loaded: unknown): unknown {
  let value = loaded;
  while (isModule(value)) {
    if (!('default' in value)) {
      throw new ExpError(
        'EXP_CONFIG',
        `The project file "${file}" has no default export. Write: export default { ... }.`,
      );
    }
    value = value['default'];
  }
  return value;
}

function isModule(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return Object.prototype.toString.call(value) === '[object Module]' || '__esModule' in value;
}

function cannotLoad(file: string, error: unknown, hint = ''): unknown {
  if (error instanceof ExpError) return error;
  const place = error instanceof Error ? userPlace(error.stack) : undefined;
  const at = place === undefined ? '' : `\n  at ${placeText(place.file, place.line)}`;
  return new ExpError(
    'EXP_CONFIG',
    `Cannot load the project file "${file}": ${messageOf(error)}${at}${hint}`,
    { cause: error },
  );
}
