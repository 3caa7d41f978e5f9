/** The longest time a timer of Node knows, in milliseconds; it takes a longer one for none. */
export const LONGEST_TIMEOUT_MS: number = 2 ** 31 - 1;
