import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO } from './run-exp.ts';

const README = readFileSync(join(REPO, 'README.md'), 'utf8');

/** The README's programs: each names its file in its first line. */
export function readmePrograms(): { file: string; code: string }[] {
  return blocks('ts').map((code) => {
    const file = /^\/\/ (\S+\.ts)\n/.exec(code)?.[1];
    if (file === undefined) throw new Error(`README: a program does not name its file:\n${code}`);
    return { file, code };
  });
}

/** The README's commands, in order, without their comments. */
export function readmeCommands(): string[] {
  return blocks('sh')
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** The codes in the README's table of errors. */
export function readmeErrorCodes(): string[] {
  return [...README.matchAll(/^\| `(EXP_[A-Z]+)`/gm)].map(([, code]) => code!);
}

function blocks(language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm');
  return [...README.matchAll(fence)].map(([, code]) => code!);
}
