import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a program answers to exactly these arguments. */
export interface Recorded {
  readonly args: string;
  readonly out?: string;
  readonly err?: string;
  readonly code?: number;
}

/**
 * Makes programs that replay recorded answers and nothing else: to other arguments they exit with 97,
 * so that none of them invents an answer. Returns their folder, for a PATH with nothing else on it.
 */
export function replayed(
  dir: string,
  programs: Readonly<Record<string, readonly Recorded[]>>,
): string {
  const bin = join(dir, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const [name, answers] of Object.entries(programs)) {
    const cases = answers.map(
      ({ args, out = '', err = '', code = 0 }) =>
        `${quoted(args)}) printf %s ${quoted(out)}; printf %s ${quoted(err)} >&2; exit ${code};;`,
    );
    const refusal = `*) echo "${name} stub: no recording for: $*" >&2; exit 97;;`;
    const script = ['#!/bin/sh', 'case "$*" in', ...cases, refusal, 'esac', ''].join('\n');
    writeFileSync(join(bin, name), script);
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
