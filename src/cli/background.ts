import { isExpError } from '../core/errors.ts';
import { errorText } from '../worker/error-text.ts';
import { commandLine } from '../provenance/command-line.ts';
import { onLaunched, type BackgroundWork } from './detach.ts';

// The process that goes on when a command was given with --detach. It is told what to do in one
// message; what it prints goes to a file.

commandLine();
process.once('message', (work: BackgroundWork) => void run(work));
onLaunched((word) => {
  if (process.connected) process.send!(word, () => process.disconnect());
});

async function run(work: BackgroundWork): Promise<void> {
  try {
    process.exitCode = await execute(work);
  } catch (error) {
    process.stderr.write(errorText(error, work.flags.verbose === true));
    process.exitCode = isExpError(error) && error.code !== 'EXP_LAUNCH' ? 2 : 1;
  }
  // Whoever waits for word that it has begun learns by the end of this process that it has not.
  if (process.connected) process.disconnect();
}

async function execute(work: BackgroundWork): Promise<number> {
  if (work.type === 'sweep') {
    const { resume } = await import('./resume.ts');
    return resume(work.dir, work.flags);
  }
  const { exec } = work.flags;
  if (exec !== undefined) {
    const { runProgram } = await import('./run-program.ts');
    return runProgram(work.words, { ...work.flags, exec });
  }
  const { runFile } = await import('./run-file.ts');
  return runFile(work.file, work.words, work.flags);
}
