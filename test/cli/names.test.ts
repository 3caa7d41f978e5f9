import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { runExp, type Finished } from '../helpers/run-exp.ts';
import { test as base } from '../helpers/temp-dir.ts';

const IDS = [
  '20260101-000000-000_lr=0.1_aaaaaa',
  '20260101-000000-001_lr=0.2_bbbbbb',
  '20260102-000000-000_cccccc',
];

/** A root with three finished runs, as their files are on disk. */
const test = base.extend<{ root: string }>({
  root: async ({ dir }, use) => {
    for (const id of IDS) {
      const run = join(dir, 'toy', id);
      mkdirSync(run, { recursive: true });
      writeFileSync(join(run, 'config.json'), '{ "config": {}, "origins": {} }');
      const manifest = { format: 1, id, experiment: 'toy', status: 'completed', seed: 1 };
      writeFileSync(
        join(run, 'run.json'),
        JSON.stringify({ ...manifest, overrides: [], sinks: [], attempts: [] }),
      );
    }
    await use(dir);
  },
});

describe('the name of a run', () => {
  test.for([
    { as: 'its id', name: IDS[0]!, id: IDS[0]! },
    { as: 'the end of its id', name: 'bbbbbb', id: IDS[1]! },
    { as: 'any part that no other has', name: 'lr=0.2', id: IDS[1]! },
    { as: 'the beginning of its id', name: '20260102', id: IDS[2]! },
    { as: 'last, for the newest', name: 'last', id: IDS[2]! },
  ])('may be $as', async ({ name, id }, { root }) => {
    const { code, stdout } = await show(root, name);

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id });
  });

  test('may be its path, whatever the run root', async ({ root }) => {
    const { stdout } = await show('elsewhere', join('toy', IDS[0]!), root);

    expect(JSON.parse(stdout)).toMatchObject({ id: IDS[0] });
  });

  test('is refused when it fits several, and they are listed', async ({ root }) => {
    const { code, stdout, stderr } = await show(root, '20260101');

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      `Error: "20260101" fits 2 runs, among them ${IDS[0]}, ${IDS[1]}. Name one.\n`,
    );
  });

  test('is refused when it fits none, and the ids are listed', async ({ root }) => {
    const { code, stderr } = await show(root, 'zzz');

    expect(code).toBe(2);
    expect(stderr).toContain(`No run "zzz" under "${root}".`);
    expect(stderr).toContain(IDS[2]);
  });
});

describe('an empty run root', () => {
  test.for([
    { command: 'ls', code: 0, says: 'No such runs under' },
    { command: 'ps', code: 0, says: 'Nothing is running under' },
    { command: 'show last', code: 2, says: 'There are none.' },
    { command: 'logs last', code: 2, says: 'There are none.' },
    { command: 'stop last', code: 2, says: 'There are none.' },
    { command: 'ls --sweep last', code: 2, says: 'There are none.' },
  ])('makes "$command" say so, and stays empty', async ({ command, code, says }, { dir }) => {
    const finished = await runExp([...command.split(' '), '--root', join(dir, 'runs')]);

    expect(finished).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(says) });
    expect(readdirSync(dir)).toEqual([]);
  });

  test('is an empty list in JSON', async ({ dir }) => {
    const { stdout } = await runExp(['ls', '--root', join(dir, 'runs'), '--json']);

    expect(JSON.parse(stdout)).toEqual([]);
  });
});

function show(root: string, name: string, cwd?: string): Promise<Finished> {
  return runExp(['show', name, '--root', root, '--json'], cwd === undefined ? {} : { cwd });
}
