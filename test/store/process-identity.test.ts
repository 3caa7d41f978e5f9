import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished } from 'vitest';
import { identify, isAlive } from '../../src/store/process-identity.ts';
import { start } from '../helpers/run-exp.ts';
import { test } from '../helpers/temp-dir.ts';

describe('isAlive', () => {
  test('is true for this process', () => {
    expect(isAlive(identify())).toBe(true);
  });

  test('is false for a process that is gone', async () => {
    const { child, finished } = start('true', []);
    const gone = { ...identify(), pid: child.pid! };
    await finished;

    expect(isAlive(gone)).toBe(false);
  });

  test('tells nothing of a process of another host', () => {
    expect(isAlive({ ...identify(), host: 'elsewhere' })).toBeUndefined();
  });

  test('asks the system where a process is known by its pid alone', () => {
    const { pid, host } = identify();

    expect(isAlive({ pid, host })).toBe(true);
  });
});

describe.runIf(process.platform === 'linux')('isAlive, with what /proc tells', () => {
  test('is false for a pid that another process has by now', () => {
    expect(isAlive({ ...identify(), startTicks: 1 })).toBe(false);
  });

  test('is false for a process from before the machine was started', () => {
    expect(isAlive({ ...identify(), bootId: 'before' })).toBe(false);
  });

  test('is false for a process that has ended and that nobody has waited for', async () => {
    // The child ends once another program has replaced the shell, and knows nothing of it.
    const ending = 'while [ "$(cat /proc/$$/comm)" != sleep ]; do :; done';
    const { child, until } = start('sh', ['-c', `(${ending}) & echo "child $!"; exec sleep 60`]);
    onTestFinished(() => void child.kill('SIGKILL'));
    const [, pid] = await until(/child (\d+)/);
    const startTicks = Number((await zombie(pid!))[19]);

    expect(isAlive({ ...identify(), pid: Number(pid), startTicks })).toBe(false);
  });
});

/** The fields of a process's `stat`, after its name, once it is a zombie. */
async function zombie(pid: string): Promise<string[]> {
  for (;;) {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return fields;
    await new Promise(setImmediate);
  }
}
