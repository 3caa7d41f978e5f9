import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { codeProject, exp } from '../helpers/code-project.ts';
import { makeProject } from '../helpers/project.ts';
import { git } from '../helpers/repository.ts';
import { test } from '../helpers/temp-dir.ts';

describe('run-exp resume of a run whose code has changed', () => {
  test('is refused with a patch, from the snapshot of the run', async ({ dir }) => {
    codeProject(dir);
    await expectPatch(dir);
  });

  test('is refused with a patch, from the copy of its sources outside of git', async ({ dir }) => {
    const project = join(dir, 'project');
    mkdirSync(project);
    makeProject(project);
    await expectPatch(project);
  });

  test('is compared with the code of the last attempt', async ({ dir }) => {
    codeProject(dir);
    await killed(dir);
    const file = join(dir, 'main.ts');
    const before = readFileSync(file, 'utf8');
    appendFileSync(file, '// other code\n');
    const allowed = await exp(dir, 'resume', 'last', '--allow-changes');
    expect(allowed.stderr).toContain('changed main.ts');

    const same = await exp(dir, 'resume', 'last');
    writeFileSync(file, before);
    const back = await exp(dir, 'resume', 'last');

    expect(same.stderr).toContain('goes on from its checkpoint');
    expect(same.code).toBe(1);
    expect(back.stderr).toContain('changed main.ts');
    expect(back.code).toBe(2);
  });

  test('keeps the code of every attempt', async ({ dir: outer }) => {
    const dir = join(outer, 'project');
    mkdirSync(dir);
    codeProject(dir);
    await killed(dir);
    const file = join(dir, 'main.ts');
    const before = readFileSync(file, 'utf8');
    appendFileSync(file, '// other code\n');
    await exp(dir, 'resume', 'last', '--allow-changes');
    git(dir, 'gc', '--quiet', '--prune=now');

    const first = await exp(dir, 'checkout', 'last', join(outer, 'first'), '--attempt', '1');
    await exp(dir, 'checkout', 'last', join(outer, 'second'));
    const third = await exp(dir, 'checkout', 'last', join(outer, 'third'), '--attempt', '3');

    expect(first.code, first.stderr).toBe(0);
    expect(readFileSync(join(outer, 'first/main.ts'), 'utf8')).toBe(before);
    expect(readFileSync(join(outer, 'second/main.ts'), 'utf8')).toBe(`${before}// other code\n`);
    expect(third.stderr).toMatch(/The run \S+ has 2 attempts, and no attempt 3\./);
    expect(third.code).toBe(2);
  });

  test('shows the beginning of a long patch', async ({ dir }) => {
    codeProject(dir);
    await killed(dir);
    appendFileSync(join(dir, 'main.ts'), '// a line\n'.repeat(100));

    const { stderr } = await exp(dir, 'resume', 'last');

    expect(stderr).toMatch(/\n\.\.\. and \d+ more lines\nUndo that/);
    expect(stderr.match(/\+\/\/ a line/g)!.length).toBeLessThan(41);
  });
});

describe('flags about the tag of a run', () => {
  test.for([['--tag'], ['--push'], ['--drop-without-results']])(
    'are refused outside of git, before anything starts: %s',
    async ([flag], { dir }) => {
      makeProject(dir);
      writeFileSync(join(dir, 'main.ts'), MAIN);

      const { code, stderr } = await exp(dir, 'main.ts', flag!);

      expect(code).toBe(2);
      expect(stderr).toContain(`${flag} is about the tag of a run`);
      expect(stderr).toContain(`no git repository around "${dir}". Leave it out.`);
    },
  );
});

const MAIN = `
import { experiment } from 'exptools';
import { z } from 'zod';

const config = z.object({ rate: z.number().default(0.5) });
export default experiment({ name: 'toy', config, sinks: [] }, async (run) => {
  await run.restore();
  await run.checkpoint({}, { step: 1 });
  process.kill(process.pid, 'SIGKILL');
});
`;

async function killed(dir: string): Promise<void> {
  writeFileSync(join(dir, 'main.ts'), MAIN);
  const { code, stderr } = await exp(dir, 'main.ts');
  expect(code, stderr).toBe(1);
  expect(stderr).toMatch(/next {2}npx run-exp resume \w+\n {6}npx run-exp show/);
}

async function expectPatch(dir: string): Promise<void> {
  await killed(dir);
  const file = join(dir, 'main.ts');
  writeFileSync(file, readFileSync(file, 'utf8').replace('step: 1', 'step: 2'));

  const { code, stderr } = await exp(dir, 'resume', 'last');

  expect(code).toBe(2);
  expect(stderr).toMatch(/\n {2}changed main\.ts\n--- main\.ts\n\+\+\+ main\.ts\n@@/);
  expect(stderr).toMatch(/\n-.*step: 1.*\n\+.*step: 2.*\n/);
}
