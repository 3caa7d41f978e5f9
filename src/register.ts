import { resolve } from 'node:path';
import { runWhenLoaded } from './cli/run-directly.ts';
import { registerLoader } from './loader/register-loader.ts';

// node --import exptools/register main.ts: the file loads whatever its decorators, and its
// experiment runs.
await registerLoader(resolve(process.argv[1] ?? 'main.ts'));
runWhenLoaded();
