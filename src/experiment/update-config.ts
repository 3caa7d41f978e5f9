import { pathText, type Path } from '../config/path.ts';
import { ExpError, suggest } from '../core/errors.ts';
import { isPlainObject, jsonLine } from '../core/json.ts';

/**
 * A copy of a config with the values of a variant in it, section by section. The copy shares no
 * section and no list with either of them.
 * @throws {ExpError} EXP_CONFIG for a key that the config lacks, a value in the place of a section, or
 *   a section in the place of a value.
 */
export function updateConfig<Config extends object>(config: Config, variant: object): Config {
  return merge(config, variant, []) as Config;
}

function merge(config: unknown, variant: unknown, path: Path): unknown {
  if (isPlainObject(config) !== isPlainObject(variant)) {
    const what = isPlainObject(config) ? 'a section' : 'a value, not a section';
    throw new ExpError(
      'EXP_CONFIG',
      `Config "${pathText(path)}" is ${what}, got ${jsonLine(variant)}.`,
    );
  }
  if (!isPlainObject(config) || !isPlainObject(variant)) return copy(variant);
  const unknown = Object.keys(variant).find((key) => !Object.hasOwn(config, key));
  if (unknown !== undefined) {
    throw new ExpError(
      'EXP_CONFIG',
      `Config key "${pathText([...path, unknown])}" is unknown. ${suggest(unknown, Object.keys(config))}`,
    );
  }
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      Object.hasOwn(variant, key) ? merge(value, variant[key], [...path, key]) : copy(value),
    ]),
  );
}

/** Copies sections and lists; whatever else there is stays what it is. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copy(inner)]));
}
