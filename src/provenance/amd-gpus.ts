import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The names of AMD's GPUs, as its kernel driver lists them.
 * @param root of the file system that holds `sys`.
 */
export function readAmdGpus(root = '/'): string[] {
  const nodes = join(root, 'sys/class/kfd/kfd/topology/nodes');
  try {
    return readdirSync(nodes).flatMap((node) => {
      const properties = readFileSync(join(nodes, node, 'properties'), 'utf8');
      // CPUs are nodes, too, without such units.
      const units = Number(/^simd_count (\d+)$/m.exec(properties)?.[1] ?? 0);
      if (units === 0) return [];
      const name = readFileSync(join(nodes, node, 'name'), 'utf8').trim();
      return [name === '' ? 'unnamed' : name];
    });
  } catch {
    // no such driver
    return [];
  }
}
