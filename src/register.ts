import { dirname, resolve } from 'node:path';
import { runWhenLoaded } from './cli/run-directly.ts';
import { registerLoader } from './loader/register-loader.ts';
import { loadProject } from './project/load-project.ts';

// node --import exptools/register main.ts: the file loads whatever its decorators, and its
// experiment runs.
const main = resolve(process.argv[1] ?? 'main.ts');
await registerLoader(main);
// Code that cannot wait finds it loaded; what is wrong with it, the first run says.
await loadProject(dirname(main)).catch(() => {});
runWhenLoaded();
