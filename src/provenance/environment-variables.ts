import { redactValue } from '../core/redact.ts';

/** The variables that are recorded unless asked for more: those that change what comes out. */
const ALLOWED: readonly string[] = `
  NODE_ENV NODE_OPTIONS NODE_PATH UV_THREADPOOL_SIZE EXP_* OMP_* MKL_* OPENBLAS_*
  GOTO_NUM_THREADS VECLIB_* NUMEXPR_* KMP_* CUDA_* NVIDIA_* CUBLAS_* CUDNN_* NCCL_* ROCR_*
  HIP_* HSA_* XLA_* TF_* TFJS_* PYTHONHASHSEED PYTHONPATH VIRTUAL_ENV CONDA_DEFAULT_ENV
  SLURM_* TZ LANG LANGUAGE LC_* SOURCE_DATE_EPOCH LD_LIBRARY_PATH LD_PRELOAD MALLOC_*
`
  .trim()
  .split(/\s+/);

/**
 * The environment variables that are recorded with a run, by name; what looks like a secret is
 * `[redacted]`.
 * @param more names, or beginnings or ends of names with `*`.
 */
export function recordedVariables(
  more: readonly string[] = [],
  env: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  // One expression for all: a start does not wait for thousands of comparisons.
  const wanted = new RegExp(`^(?:${[...ALLOWED, ...more].map(toPattern).join('|')})$`);
  const entries = Object.entries(env)
    .filter(([name]) => wanted.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, value = '']) => [name, redactValue(name, value)]));
}

function toPattern(glob: string): string {
  const parts = glob.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return parts.join('.*');
}
