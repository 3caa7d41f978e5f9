import { isPlainObject } from '../core/json.ts';
import type { Assignment } from './assignment.ts';
import { isWithin, type Path } from './path.ts';

/** What is left of assignments where later ones unset or replace what earlier ones say. */
export function withoutUnset(assignments: readonly Assignment[]): Assignment[] {
  let kept: Assignment[] = [];
  for (const assignment of assignments) {
    const { operation, path } = assignment;
    if (operation === 'unset' || operation === 'replace') {
      kept = kept
        .filter((earlier) => !isWithin(earlier.path, path))
        .map((earlier) =>
          operation === 'unset' && isWithin(path, earlier.path)
            ? { ...earlier, value: without(earlier.value, path.slice(earlier.path.length)) }
            : earlier,
        );
    }
    kept.push(assignment);
  }
  return kept;
}

function without(value: unknown, path: Path): unknown {
  const [key, ...rest] = path;
  if (!isPlainObject(value) || key === undefined || !Object.hasOwn(value, key)) return value;
  const { [key]: inner, ...others } = value;
  return rest.length === 0 ? others : { ...others, [key]: without(inner, rest) };
}
