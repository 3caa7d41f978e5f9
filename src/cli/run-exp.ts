#!/usr/bin/env node
import { main } from './program.ts';

// A reader that has seen enough, `| head` say, ends what we print and not what we do.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
process.exitCode = await main(process.argv.slice(2));
