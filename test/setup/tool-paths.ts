import { join } from 'node:path';

/** Where the test command keeps the programs it installs for itself. */
export const TOOLS_DIR =
  process.env['EXPTOOLS_TEST_TOOLS'] ?? join(import.meta.dirname, '../../.cache');

/** Python with TensorBoard in a private environment. */
export const TENSORBOARD_PYTHON = join(TOOLS_DIR, 'tensorboard/bin/python');

/** The native engine of TensorFlow.js. */
export const TFJS_NODE_BUILD = join(TOOLS_DIR, 'tfjs-node');

/** Majors of Node the package is tried on, apart from the one that runs the tests. */
export const NODE_MAJORS = [20, 22, 24] as const;

/** The binary of a Node major, as the npm package `node` brings it. */
export function nodeBinary(major: number): string {
  return join(TOOLS_DIR, `node-${major}/node_modules/node/bin/node`);
}
