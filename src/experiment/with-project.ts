import { relative } from 'node:path';
import { checkPolicy } from '../checkpoint/policy.ts';
import { configKeys } from '../config/keys.ts';
import { schemaOf } from '../config/compose.ts';
import type { Project } from '../project/project-config.ts';
import { pickSettings, type RunSettings } from '../run/run-settings.ts';
import type { Definition } from './definition.ts';

/**
 * An experiment as it is in its project: what it does not say of its runs itself is as the project
 * says, tracked keys as far as its config has them.
 */
export function withProject(
  definition: Definition,
  { sinks, track, ...settings }: Project,
): Definition {
  if (settings.checkpoint !== undefined && definition.checkpoint === undefined) {
    checkPolicy(settings.checkpoint, relative('', settings.file ?? 'the project file'));
  }
  return {
    // Functions in a project file are given the run, which it cannot know.
    ...pickSettings(settings as RunSettings),
    ...definition,
    track: definition.track ?? keysOf(definition, track),
    ...(sinks !== undefined && { projectSinks: sinks }),
  };
}

function keysOf({ schema }: Definition, wanted: readonly string[]): readonly string[] {
  if (wanted.length === 0) return [];
  const known = configKeys(schemaOf(schema)).map((key) => key.path);
  return wanted.filter((key) => known.includes(key));
}
