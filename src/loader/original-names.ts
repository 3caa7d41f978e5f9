import { SourceMap, type SourceMapPayload } from 'node:module';

/**
 * Gives identifiers back the names they have in the source. esbuild renames what shadows another
 * name, a parameter `lr` to `lr2`, and captured functions are filled by the names of parameters.
 * A name comes back only where the source map knows it of every `lr2` in the file; what esbuild made
 * itself, as for enums, stays. Names are padded with blanks, so the source map stays true.
 */
export function restoreNames(code: string, map: string): string {
  const payload = JSON.parse(map) as SourceMapPayload;
  if (payload.names.length === 0) return code;
  const lines = code.split('\n');
  const original = originalNames(lines, new SourceMap(payload));
  return lines
    .map((line) =>
      line.replace(NUMBERED, (identifier) => original(identifier).padEnd(identifier.length)),
    )
    .join('\n');
}

/** An identifier that ends in a digit and is no property; esbuild's own begin with an underscore. */
const NUMBERED =
  /(?<![\p{ID_Continue}$]|(?<!\.\.)\.)[\p{ID_Start}$][\p{ID_Continue}$]*\d(?![\p{ID_Continue}$])/gu;

/** The function from identifiers in the code to those in the source. */
function originalNames(lines: readonly string[], map: SourceMap): (identifier: string) => string {
  // For each identifier, the names the map gives its occurrences: undefined where it gives none.
  const names = new Map<string, Set<string | undefined>>();
  for (const [at, line] of lines.entries()) {
    for (const { 0: identifier, index } of line.matchAll(NUMBERED)) {
      const entry = map.findEntry(at, index) as { generatedColumn?: number; name?: string };
      const known = names.get(identifier) ?? new Set();
      names.set(identifier, known.add(entry.generatedColumn === index ? entry.name : undefined));
    }
  }
  const original = (identifier: string): string => {
    const [name, ...others] = names.get(identifier)!;
    if (name === undefined || others.length > 0) return identifier;
    if (!identifier.startsWith(name) || !/^\d+$/.test(identifier.slice(name.length))) {
      return identifier;
    }
    return isTaken(name) ? identifier : name;
  };
  /** True where the name stands for another variable in the code, and has to go on doing so. */
  const isTaken = (name: string): boolean =>
    [...(names.get(name) ?? [])].some((one) => one !== undefined) && original(name) === name;
  return original;
}
