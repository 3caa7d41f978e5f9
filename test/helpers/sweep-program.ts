import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepResult } from '../../src/sweeper/sweep-options.ts';
import { start, type Finished, type Started } from './run-exp.ts';

/** What a program that sweeps has come to. */
interface Swept {
  readonly result: SweepResult;
  readonly finished: Finished & { readonly pid: number };
}

/** Runs a program whose last statement is an expression: its value is the result. */
export async function sweepIn(
  dir: string,
  code: string,
  files: Readonly<Record<string, string>> = {},
): Promise<Swept> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  const program = startIn(dir, code);
  const finished = { ...(await program.finished), pid: program.child.pid! };
  const path = join(dir, 'result.json');
  const result = existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as SweepResult)
    : undefined;
  return { result: result!, finished };
}

/** Starts such a program. */
export function startIn(dir: string, code: string): Started {
  const [, before = '', last = ''] = /^([^]*\n)?([^\n]*await runSweep\([^]*)$/.exec(code) ?? [];
  const program = `import { writeFileSync } from 'node:fs';
    import { makeVariants, runSweep, VariantLevel } from 'exptools';
    ${before}
    const result = ${last};
    if (result) writeFileSync('result.json', JSON.stringify(result));`;
  writeFileSync(join(dir, 'sweep.ts'), program);
  const args = ['--import', 'exptools/register', join(dir, 'sweep.ts')];
  return start(process.execPath, args, { cwd: dir });
}
