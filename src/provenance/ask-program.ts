import { execFile } from 'node:child_process';

/** What a program answers. */
export type Answer =
  | { readonly kind: 'ok'; readonly text: string }
  /** There is no such program on the path. */
  | { readonly kind: 'absent' }
  /** It ended badly; the text is what it said. */
  | { readonly kind: 'failed'; readonly text: string }
  /** It has not ended in time, and was killed. */
  | { readonly kind: 'slow' };

/** Starts a program and returns what it prints; never throws, and never waits longer than so long. */
export function askProgram(
  file: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<Answer> {
  return new Promise((resolve) => {
    const options = { timeout: timeoutMs, killSignal: 'SIGKILL', encoding: 'utf8' } as const;
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      const said = [stdout, stderr].map((text) => text.trim()).filter((text) => text !== '');
      if (error === null) resolve({ kind: 'ok', text: said.join('\n') });
      else if (error.killed === true) resolve({ kind: 'slow' });
      else if (error.code === 'ENOENT') resolve({ kind: 'absent' });
      else resolve({ kind: 'failed', text: said.join('\n') || error.message });
    });
    child.stdin?.end();
  });
}
