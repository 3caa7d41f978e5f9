import { configKeys } from '../config/keys.ts';
import { schemaOf } from '../config/compose.ts';
import type { Project } from '../project/project-config.ts';
import type { Definition } from './definition.ts';

/**
 * An experiment as it is in its project: where it names no sinks, tracked keys or flush interval of its
 * own, those of the project hold, as far as its config has such keys.
 */
export function withProject(
  definition: Definition,
  { sinks, track, flushInterval, systemMetrics }: Project,
): Definition {
  return {
    ...definition,
    ...(systemMetrics !== undefined && {
      systemMetrics: definition.systemMetrics ?? systemMetrics,
    }),
    track: definition.track ?? keysOf(definition, track),
    ...(flushInterval !== undefined && {
      flushInterval: definition.flushInterval ?? flushInterval,
    }),
    ...(sinks !== undefined && { projectSinks: sinks }),
  };
}

function keysOf({ schema }: Definition, wanted: readonly string[]): readonly string[] {
  if (wanted.length === 0) return [];
  const known = configKeys(schemaOf(schema)).map((key) => key.path);
  return wanted.filter((key) => known.includes(key));
}
