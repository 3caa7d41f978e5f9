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
    throw isExpError(error) ? error : loadError(file, error);
  }
  // A CommonJS module shows its exports as those of its default.
  const inner =
    typeof namespace['default'] === 'object' ? Object.values(namespace['default'] ?? {}) : [];
  return selectExperiment(file, href, [...Object.values(namespace), ...inner], name);
}

function loadError(file: string, error: unknown): ExpError {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  // Where an import names what is not exported, Node says so above the message.
  const place = /^(?:file:\/\/)?(\/.*:\d+)\n/.exec(stack)?.[1];
  const message = `Cannot load "${file}": ${messageOf(error)}`;
  const explained = new ExpError(
    'EXP_FILE',
    place === undefined ? message : `${message}\n  ${place}`,
    { cause: error },
  );
  if (stack !== '') explained.stack = stack;
  return explained;
}
