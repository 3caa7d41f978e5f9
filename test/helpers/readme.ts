import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO } from './run-exp.ts';

const README = readFileSync(join(REPO, 'README.md'), 'utf8');

/** A file of the README, which names it in its first line. */
interface ReadmeFile {
  readonly file: string;
  readonly code: string;
}

/** The README's programs. */
export function readmePrograms(): ReadmeFile[] {
  return files('ts', /^\/\/ (\S+\.ts)\n/);
}

/** The README's programs that know nothing of the package. */
export function readmeScripts(): ReadmeFile[] {
  return files('mjs', /^\/\/ (\S+\.mjs)\n/);
}

/** The README's config files. */
export function readmeConfigs(): ReadmeFile[] {
  return files('yaml', /^# (\S+\.yaml)\n/);
}

function files(language: string, name: RegExp): ReadmeFile[] {
  return blocks(language).map((code) => {
    const file = name.exec(code)?.[1];
    if (file === undefined) throw new Error(`README: a file does not say its name:\n${code}`);
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
  const [table = ''] = /^\| code [^]*?\n\n/m.exec(README) ?? [];
  return [...table.matchAll(/^\| `(EXP_[A-Z]+)`/gm)].map(([, code]) => code!);
}

function blocks(language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm');
  return [...README.matchAll(fence)].map(([, code]) => code!);
}
