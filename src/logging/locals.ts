import { inspect, types } from 'node:util';
import { messageOf } from '../core/errors.ts';

// With one more, a list would be put into columns.
const MAX_ITEMS = 5;
const MAX_TEXT = 500;
const DEPTH = 3;

/**
 * Values by name as an indented block, for a look at them: long arrays and texts are cut, tensors are
 * named by type and shape.
 */
export function localsText(values: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(values);
  const width = Math.max(0, ...names.map((name) => name.length));
  return names
    .map((name) => {
      const text = valueText(() => values[name]);
      return `\n  ${name.padEnd(width)} = ${text.replaceAll('\n', '\n  ')}`;
    })
    .join('');
}

// A look at values must not end the run: a getter may throw.
function valueText(read: () => unknown): string {
  try {
    return inspect(shown(read(), DEPTH), {
      depth: DEPTH,
      maxArrayLength: MAX_ITEMS,
      maxStringLength: MAX_TEXT,
      breakLength: 100,
    });
  } catch (error) {
    return `<cannot be shown: ${messageOf(error)}>`;
  }
}

/** The value with all tensors in it replaced by their description. */
function shown(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (types.isProxy(value) && depth < DEPTH) return value;
  const tensor = tensorText(value);
  if (tensor !== undefined) return { [inspect.custom]: () => tensor };
  if (depth === 0) return value;
  if (Array.isArray(value)) return cutList(value, depth);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, shown(inner, depth - 1)]),
  );
}

// As long as it was, so that what is left out is counted right.
function cutList(list: readonly unknown[], depth: number): unknown[] {
  const copy = list.slice();
  for (let i = 0; i < Math.min(MAX_ITEMS, copy.length); i++) copy[i] = shown(copy[i], depth - 1);
  return copy;
}

function tensorText(value: object): string | undefined {
  const { shape, dtype } = value as { shape?: unknown; dtype?: unknown };
  if (typeof dtype !== 'string' || !Array.isArray(shape)) return undefined;
  return `Tensor ${dtype} [${shape.join(', ')}]`;
}
