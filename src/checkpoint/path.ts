/** Where a value stands in a state, from the inside out. */
export interface Path {
  readonly key: string;
  readonly parent?: Path;
}

/** As code would reach for it: `state.model.layers[2]`. */
export function pathText(path: Path | undefined): string {
  const keys: string[] = [];
  for (let at = path; at !== undefined; at = at.parent) keys.push(at.key);
  return keys.toReversed().join('');
}

/** The property of a value. */
export function member(parent: Path, key: string): Path {
  return {
    key: /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`,
    parent,
  };
}

/** An item of a list. */
export function item(parent: Path, index: number): Path {
  return { key: `[${index}]`, parent };
}
