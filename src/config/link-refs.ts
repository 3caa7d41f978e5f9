import { isPlainObject } from '../core/json.ts';
import type { JsonSchema } from './json-schema.ts';

/**
 * Puts definitions in the place of references to them. A recursive schema comes to contain itself, so
 * that it is known at every depth.
 */
export function linkRefs(root: JsonSchema): JsonSchema {
  const linked = new Map<string, JsonSchema>();
  const unfinished: (() => void)[] = [];

  const definition = (ref: string): JsonSchema => {
    const known = linked.get(ref);
    if (known !== undefined) return known;
    const found = ref === '#' ? root : root.$defs?.[ref.replace('#/$defs/', '')];
    return link(found ?? {}, ref) as JsonSchema;
  };

  const link = (node: unknown, ref?: string): unknown => {
    if (Array.isArray(node)) return node.map((item) => link(item));
    if (!isPlainObject(node)) return node;
    const { $ref, $defs: _, ...rest } = node;
    const isRef = typeof $ref === 'string';
    if (isRef && ref === undefined && Object.keys(rest).length === 0) return definition($ref);
    const made: JsonSchema = {};
    if (ref !== undefined) linked.set(ref, made);
    const own = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, link(value)]));
    // What stands beside a reference goes over the definition, which may not be finished yet.
    if (isRef) {
      const target = definition($ref);
      unfinished.push(() => assign(made, { ...target, ...own }));
    } else assign(made, own);
    return made;
  };

  const result = link(root, '#') as JsonSchema;
  for (const finish of unfinished) finish();
  return result;
}

/** Plain assignment to `__proto__` would change the object's prototype instead. */
function assign(target: object, values: object): void {
  Object.defineProperties(target, Object.getOwnPropertyDescriptors(values));
}
