import { closest, distance } from 'fastest-levenshtein';

/** Every kind of mistake this package reports. The README explains each one. */
export type ErrorCode =
  | 'EXP_CAPTURE'
  | 'EXP_CHECKPOINT'
  | 'EXP_CONFIG'
  | 'EXP_DECORATOR'
  | 'EXP_EXPERIMENT'
  | 'EXP_FILE'
  | 'EXP_LAUNCH'
  | 'EXP_LOG'
  | 'EXP_NAN'
  | 'EXP_PREFIX'
  | 'EXP_RUN'
  | 'EXP_SINK'
  | 'EXP_SWEEP'
  | 'EXP_TFJS'
  | 'EXP_USAGE';

const BRAND = Symbol.for('exptools.error');

/**
 * An error the user can act on: the message says what failed, with the value, and what to do.
 * Its stack is for `--verbose`; the message alone must be enough.
 */
export class ExpError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
Object.defineProperty(ExpError.prototype, 'name', { value: 'ExpError' });
Object.defineProperty(ExpError.prototype, BRAND, { value: true });

/** True for an {@link ExpError} of any loaded copy of this package. */
export function isExpError(error: unknown): error is ExpError {
  return typeof error === 'object' && error !== null && BRAND in error;
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The known name that an unknown one was probably meant to be; `undefined` if none is near. */
export function nearest(unknown: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const lower = known.map((name) => name.toLowerCase());
  const found = closest(unknown.toLowerCase(), lower);
  const edits = distance(unknown.toLowerCase(), found);
  // Two edits turn any short name into any other.
  const isNear = edits <= Math.max(2, Math.floor(unknown.length / 3)) && edits < found.length;
  return isNear ? known[lower.indexOf(found)] : undefined;
}

/**
 * Ends an error message about an unknown name: the nearest known name where one is near, and
 * otherwise all of them (at most twelve).
 */
export function suggest(unknown: string, known: readonly string[]): string {
  if (known.length === 0) return 'There are none.';
  const near = nearest(unknown, known);
  if (near !== undefined) return `Did you mean "${near}"?`;
  const shown = known.slice(0, 12).join(', ');
  return `Known: ${shown}${known.length > 12 ? ', …' : '.'}`;
}
