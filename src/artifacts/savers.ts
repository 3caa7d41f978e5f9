import { isPlainObject } from '../core/json.ts';
import { ExpError } from '../core/errors.ts';
import { processState } from '../core/process-state.ts';
import { BUILT_IN_SAVERS } from './built-in-savers.ts';
import { extensionOf, unknownExtension } from './file-name.ts';
import type { Saver } from './saver.ts';

const added = processState('savers', (): Saver[] => []);

/**
 * Teaches `run.save` a kind of files. It comes before those that are known already.
 * @returns a function that takes it back.
 * @throws {ExpError} EXP_USAGE for a saver without an extension or a function.
 */
export function addSaver(saver: Saver): () => void {
  const known = extensionsOf(saver);
  const isRight = known.every((extension) => /^\.[a-z0-9_-]*[a-z_-][a-z0-9_-]*$/.test(extension));
  if (known.length === 0 || !isRight || typeof saver.save !== 'function') {
    throw new ExpError(
      'EXP_USAGE',
      `addSaver takes { extension: ".npz", save(value, path) }, got the extensions [${known.join(', ')}] ` +
        `and a save of type ${typeof saver.save}.`,
    );
  }
  added.unshift(saver);
  return () => {
    const at = added.indexOf(saver);
    if (at >= 0) added.splice(at, 1);
  };
}

/** How a value is saved, and the name that its file gets. */
export interface ChosenSaver {
  readonly saver: Saver;
  readonly name: string;
}

/**
 * Chooses by the extension of a name or, if it has none, by what the value is.
 * @param more savers between those that were added and the built-in ones.
 * @throws {ExpError} EXP_USAGE for an unknown extension, or a value that nothing saves.
 */
export function chooseSaver(name: string, value: unknown, more: readonly Saver[]): ChosenSaver {
  const savers = [...added, ...more, ...BUILT_IN_SAVERS];
  const extension = extensionOf(name);
  if (extension !== '') {
    const saver = savers.find((one) => extensionsOf(one).includes(extension));
    if (saver !== undefined) return { saver, name };
    throw unknownExtension(name, [...new Set(savers.flatMap(extensionsOf))]);
  }
  const saver = savers.find(({ matches }) => matches?.(value) === true);
  if (saver !== undefined) return { saver, name: `${name}${extensionsOf(saver)[0]}` };
  throw new ExpError(
    'EXP_USAGE',
    `Cannot save "${name}": nothing saves ${kindOf(value)}. Give the name an extension, or turn the ` +
      'value into text, bytes, numbers or a plain object.',
  );
}

function extensionsOf({ extension }: Saver): string[] {
  return [extension]
    .flat()
    .filter((one): one is string => typeof one === 'string')
    .map((one) => (one.startsWith('.') ? one : `.${one}`).toLowerCase());
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  return isPlainObject(value) ? 'an object' : `a ${value.constructor?.name ?? 'value'}`;
}
