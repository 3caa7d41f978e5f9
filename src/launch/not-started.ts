import { isExpError, messageOf } from '../core/errors.ts';
import type { Outcome } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';

/** What a system says that takes no files: a disk that is full, or not ours to write. */
const UNWRITABLE: ReadonlySet<unknown> = new Set([
  'EACCES',
  'EDQUOT',
  'EIO',
  'ENOSPC',
  'EPERM',
  'EROFS',
]);

/** The outcome of a run whose directory could not be made. */
export function notStarted(spec: RunSpec, error: unknown): Outcome {
  return {
    spec,
    status: 'failed',
    reason: isExpError(error)
      ? error.message
      : `Cannot write into "${spec.dir}": ${messageOf(error)}`,
    stderr: [],
    ...(isUnwritable(error) && { endsOthers: true }),
  };
}

/** True if nothing can be written where runs are kept: others would not fare better. */
export function isUnwritable(error: unknown): boolean {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: { code?: unknown } };
  return UNWRITABLE.has(cause?.code ?? code);
}
