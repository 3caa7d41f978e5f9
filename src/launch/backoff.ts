const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/** How long to wait after so many attempts that failed, in milliseconds: 1 s, 2 s, 4 s, up to 60 s. */
export function backoffMs(attempts: number): number {
  return Math.min(FIRST_MS * 2 ** (attempts - 1), LONGEST_MS);
}
