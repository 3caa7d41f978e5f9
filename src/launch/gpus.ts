import { execFileSync } from 'node:child_process';

const TIMEOUT_MS = 10_000;

/**
 * The GPUs runs may use, as `CUDA_VISIBLE_DEVICES` spells them: the entries of that variable where
 * it is set, for they are all this process may hand out, and otherwise the UUIDs that nvidia-smi
 * lists. `undefined` on a machine without any.
 */
export function visibleGpus(env: NodeJS.ProcessEnv = process.env): string[] | undefined {
  const inherited = env['CUDA_VISIBLE_DEVICES'];
  if (inherited !== undefined) {
    return inherited.split(',').flatMap((entry) => (entry.trim() === '' ? [] : [entry.trim()]));
  }
  try {
    const output = execFileSync('nvidia-smi', ['--query-gpu=uuid', '--format=csv,noheader'], {
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return output.split('\n').filter((line) => line.startsWith('GPU-'));
  } catch {
    // no driver: then there is nothing to share out
    return undefined;
  }
}
