import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

// Sweeps of tests must not wait for those of other test files, nor for those of the machine.
const dir = join(tmpdir(), `exptools-claims-${process.pid}-${Date.now().toString(36)}`);
process.env['EXP_CLAIMS'] = dir;
afterAll(() => rmSync(dir, { recursive: true, force: true }));
