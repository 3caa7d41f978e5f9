import { existsSync, realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { ExpError, suggest } from '../core/errors.ts';
import { userFrames, userPlace } from '../core/place.ts';
import { processState } from '../core/process-state.ts';
import { directoryOf } from '../project/find-project.ts';
import type { Definition } from './definition.ts';

interface Registered {
  readonly definition: Definition;
  /** The class, function or experiment object that users hold. */
  readonly target: unknown;
  /** For messages: what it is called in the code. */
  readonly where: string;
  /** The call stack of the registration; it names the file. */
  readonly stack: string;
}

const registry = processState('experiments', () => new Map<string, Registered>());

/**
 * Makes an experiment known to this process.
 * @throws {ExpError} EXP_EXPERIMENT if another one has its name: they would share a directory.
 */
export function register(definition: Definition, target: unknown, where: string): void {
  const other = registry.get(definition.name);
  if (other !== undefined) {
    throw new ExpError(
      'EXP_EXPERIMENT',
      `${where} and ${other.where} are both named "${definition.name}". Give one another name.`,
    );
  }
  registry.set(definition.name, { definition, target, where, stack: new Error().stack ?? '' });
}

/** The definition behind a decorated class or function, or an experiment object. */
export function definitionOf(target: unknown): Definition {
  const found = [...registry.values()].find((entry) => entry.target === target);
  if (found !== undefined) return found.definition;
  const name = typeof target === 'function' ? `"${target.name}"` : String(target);
  throw new ExpError(
    'EXP_EXPERIMENT',
    `${name} is no experiment. Decorate its class with @experiment({ name }), or make it with experiment({ name }, main).`,
  );
}

/** The directory of the code that defines an experiment, as its project is looked for. */
export function directoryOfDefinition(definition: Definition): string {
  return directoryOf(registry.get(definition.name)?.stack);
}

/** The file whose code defines an experiment, where the call stack shows it. */
export function fileOfDefinition({ name }: Definition): string | undefined {
  // Outermost is the code that defines it, but for what waits for an import of that.
  const frames = userFrames(registry.get(name)?.stack ?? '');
  const frame = frames.findLast((line) => !/^\s+at async /.test(line));
  const file = userPlace(frame)?.file;
  return file !== undefined && existsSync(file) ? file : undefined;
}

/**
 * The experiment of a file that was just imported: the one that is named, or else the one the file
 * exports, or else the one it registered itself.
 * @throws {ExpError} EXP_EXPERIMENT if there is none, or no single one.
 */
export function selectExperiment(
  file: string,
  exported: readonly unknown[],
  name?: string,
): Definition {
  const all = [...registry.values()];
  if (all.length === 0) {
    throw new ExpError(
      'EXP_EXPERIMENT',
      `"${file}" defines no experiment. Decorate its main function with @experiment({ name }), ` +
        'or export default experiment({ name }, async (run) => { ... }).',
    );
  }
  if (name !== undefined) {
    const named = registry.get(name);
    if (named !== undefined) return named.definition;
    const known = [...registry.keys()];
    throw new ExpError('EXP_EXPERIMENT', `No experiment "${name}". ${suggest(name, known)}`);
  }
  const byExport = all.filter((entry) => exported.includes(entry.target));
  const byFile = all.filter((entry) => isRegisteredBy(entry, file));
  const candidates = [byExport, byFile, all].find((list) => list.length > 0)!;
  if (candidates.length === 1) return candidates[0]!.definition;
  const names = candidates.map((entry) => entry.definition.name).join(', ');
  throw new ExpError(
    'EXP_EXPERIMENT',
    `"${file}" has ${candidates.length} experiments: ${names}. Choose one with --experiment NAME.`,
  );
}

/** True if the code of a file has registered an experiment; importing one does not count. */
export function hasOwnExperiment(file: string): boolean {
  return [...registry.values()].some((entry) => isRegisteredBy(entry, file));
}

function isRegisteredBy({ stack }: Registered, file: string): boolean {
  // Modules know themselves by their real path, some by its URL.
  const path = existsSync(file) ? realpathSync(file) : file;
  return stack.includes(`${path}:`) || stack.includes(`${pathToFileURL(path).href}:`);
}
