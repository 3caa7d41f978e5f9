import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ExpError, isExpError, messageOf } from '../core/errors.ts';
import type { Definition } from '../experiment/definition.ts';
import { selectExperiment } from '../experiment/registry.ts';
import { withProject } from '../experiment/with-project.ts';
import { registerLoader } from '../loader/register-loader.ts';
import { loadProject } from '../project/load-project.ts';

/**
 * Imports the user's file and returns its experiment, as it is in its project.
 * @throws {ExpError} EXP_FILE if it does not load, EXP_DECORATOR or EXP_EXPERIMENT for misuse,
 *   EXP_CONFIG for a bad project file.
 */
export async function loadExperiment(file: string, name?: string): Promise<Definition> {
  const odd = /[#?%]/.exec(file)?.[0];
  if (odd !== undefined) {
    const reason = `a path with "${odd}" in it is none that modules can be imported from`;
    throw new ExpError('EXP_FILE', `Cannot load "${file}": ${reason}. Rename the directory.`);
  }
  await registerLoader(file);
  // Before the file: code that opens its own runs as it loads finds the project loaded.
  const project = await loadProject(dirname(file));
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
  const exported = [...Object.values(namespace), ...inner];
  return withProject(selectExperiment(file, exported, name), project);
}

function loadError(file: string, error: unknown): ExpError {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const lines = [`Cannot load "${file}": ${messageOf(error)}`];
  // Where an import names what is not exported, Node says so above the message.
  const place = /^(?:file:\/\/)?(\/.*:\d+)\n/.exec(stack)?.[1];
  if (place !== undefined) lines.push(`  ${place}`);
  const early = /^Cannot access '(.+)' before initialization/.exec(messageOf(error))?.[1];
  if (early !== undefined) {
    lines.push(
      `  If ${early} is the type of a decorated member, put it above that class: ` +
        'legacy decorators need it when the file loads. Else look for imports that go in a circle.',
    );
  }
  const explained = new ExpError('EXP_FILE', lines.join('\n'), { cause: error });
  if (stack !== '') explained.stack = stack;
  return explained;
}
