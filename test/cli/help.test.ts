import { readdirSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { runExp } from '../helpers/run-exp.ts';
import { test } from '../helpers/temp-dir.ts';

describe('run-exp --help', () => {
  test('names the commands, the flags and how runs are named', async () => {
    const { code, stdout } = await runExp(['--help']);

    expect(code).toBe(0);
    for (const word of ['ls', 'show', 'logs', 'ps', 'stop', '--sweep', '--slots', '"last"']) {
      expect(stdout).toContain(word);
    }
  });

  test('lists every config key of a file with type, default and description', async ({ dir }) => {
    const args = ['examples/digits/main.ts', '--help', '--root', dir];

    const { code, stdout } = await runExp(args);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +lr +number > 0 +0\.01 +learning rate$/m);
    expect(stdout).toMatch(/^ +optimizer +sgd \| adam +adam +how gradients become steps$/m);
    expect(stdout).toMatch(/^ +seed +integer >= 0 +random +root seed$/m);
    expect(stdout).toMatch(/^ +lr=0\.001,0\.01,0\.1$/m);
    expect(stdout).toContain('Usage: run-exp FILE');
    expect(readdirSync(dir)).toEqual([]);
  });

  test('says the same without arguments, as wrong usage', async () => {
    const { code, stderr } = await runExp([]);

    expect(code).toBe(2);
    expect(stderr).toContain('Usage: run-exp FILE');
  });
});
