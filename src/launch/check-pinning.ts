import type { Launcher, Slot } from '../core/launcher.ts';
import { cpuListText, parseCpuList } from '../provenance/cpus.ts';
import { tryReadManifest } from '../store/manifest-file.ts';

/**
 * The same launcher, which says once if a run may use other CPUs than those of its slot: `taskset`
 * leaves out what a process must not use without a word.
 */
export function withPinningCheck(launcher: Launcher, say: (text: string) => void): Launcher {
  let isSaid = false;
  const check = (dir: string, { cpus }: Slot): void => {
    const allowed = tryReadManifest(dir)?.affinity?.allowed;
    if (isSaid || allowed === undefined) return;
    const problem = pinningProblem(cpus, allowed);
    if (problem === undefined) return;
    isSaid = true;
    say(problem);
  };
  return {
    name: launcher.name,
    async run(spec, slot, options) {
      if (slot.cpus.length === 0) return launcher.run(spec, slot, options);
      let isFirst = true;
      const outcome = await launcher.run(spec, slot, {
        ...options,
        onProgress: (progress) => {
          if (isFirst) check(spec.dir, slot);
          isFirst = false;
          options.onProgress(progress);
        },
      });
      if (isFirst) check(spec.dir, slot);
      return outcome;
    },
  };
}

/** What differs between the CPUs that were meant and those that were read back, in a sentence. */
function pinningProblem(cpus: readonly number[], allowed: string): string | undefined {
  const meant = cpuListText(cpus);
  if (cpuListText(parseCpuList(allowed)) === meant) return undefined;
  return `A run was to use the CPUs ${meant}, and may use ${allowed}: its share is another one than planned.`;
}
