import { createRequire } from 'node:module';

// By its own name, since the distance to package.json differs between source and build.
const packageJson = createRequire(import.meta.url)('exptools/package.json') as { version: string };

/** Version of this package. */
export const VERSION: string = packageJson.version;
