import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { Ledger } from '../helpers/ledger.ts';
import { makeProject } from '../helpers/project.ts';
import { manifestOf, sweepOf } from '../helpers/stored.ts';
import { test as base } from '../helpers/temp-dir.ts';

/** A project with an experiment of two files, which a sweep is told to hold at its second run. */
const test = base.extend<{ ledger: Ledger; label: string }>({
  ledger: async ({ dir }, use) => {
    makeProject(dir, 'ledger');
    await use(new Ledger(dir, join(dir, 'ledger/main.ts')));
  },
  label: async ({ dir }, use) => {
    await use(join(dir, 'ledger/label.ts'));
  },
});

function changesOf(ledger: Ledger): unknown[] {
  return ledger.runs.map((run) => manifestOf(run)['sweep'].codeChanged as unknown);
}

describe('code that changes while a sweep runs', () => {
  test('is noticed, said once, and kept with the runs that use it', async ({ ledger, label }) => {
    ledger.hold(1);
    const sweep = ledger.start(['n=0,1,2,3', '--slots', '1']);
    await ledger.untilStarted(2);

    writeFileSync(label, "export const LABEL = 'second';\n");
    ledger.lift();
    const { code, stdout, stderr } = await sweep.finished;

    expect(code).toBe(0);
    expect(ledger.lines('end').map(([, , , used]) => used)).toEqual([
      'first',
      'first',
      'second',
      'second',
    ]);
    expect(changesOf(ledger)).toEqual([undefined, undefined, [label], [label]]);
    const said = [
      ...stderr.matchAll(/^(\S+) has changed since the sweep was planned; runs from/gm),
    ];
    expect(said.map(([, name]) => name!.split('/').at(-1))).toEqual(['label.ts']);
    expect(stdout).toMatch(/2 of 4 runs used code that has changed .*label\.ts\.\n/);
    const { journal } = sweepOf(ledger.root, 'ledger');
    expect(journal.filter(({ event }) => event === 'changed')).toMatchObject([{ files: [label] }]);
  });

  test('is noticed by resume and extend, too', async ({ ledger, label }) => {
    ledger.fail(1);
    await ledger.sweep('n=0,1', '--slots', '1');
    ledger.fail();
    writeFileSync(label, "export const LABEL = 'second';\n");

    const resumed = await ledger.runExp('resume', 'last', '--failed');
    expect(resumed.stderr).toMatch(/label\.ts has changed since the sweep was planned/);
    expect(resumed.stdout).toMatch(/1 of 2 runs used code that has changed/);
    expect(changesOf(ledger)).toEqual([undefined, [label]]);

    const extended = await ledger.runExp('extend', 'last', 'n=2');
    expect(extended.stderr).toMatch(/label\.ts has changed since the sweep was planned/);
    expect(extended.stdout).toMatch(/2 of 3 runs used code that has changed/);
    expect(changesOf(ledger)).toEqual([undefined, [label], [label]]);
  });
});
