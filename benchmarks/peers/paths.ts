import { join } from 'node:path';

const PEERS_DIR = join(import.meta.dirname, '../../.cache/peers');

/** A private virtual environment with the Python peers. */
export const PYTHON_DIR = join(PEERS_DIR, 'python');

/** A private package with pino. */
export const PINO_DIR = join(PEERS_DIR, 'pino');
