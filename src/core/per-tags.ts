/**
 * Keeps what `make` gave for a list of tags as long as rows with that very list come: the rows of a
 * loop share theirs, and a look-up for every value of every row would cost more than writing it.
 */
export function perTags<T>(make: (tags: readonly string[]) => T): (tags: readonly string[]) => T {
  let last: { readonly tags: readonly string[]; readonly made: T } | undefined;
  return (tags) => {
    if (last?.tags !== tags) last = { tags, made: make(tags) };
    return last.made;
  };
}
