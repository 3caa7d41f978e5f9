import type { JsonObject } from '../core/json.ts';
import type { Backend, Manifest } from '../core/manifest.ts';

/** The versions of a manifest, and what computes, with what is known of that. */
export function withBackend(
  versions: JsonObject | undefined,
  backend: Backend | undefined,
): Pick<Manifest, 'versions' | 'backend'> {
  if (backend === undefined) return versions === undefined ? {} : { versions };
  return { versions: { ...versions, ...backend.versions }, backend: backend.name };
}
