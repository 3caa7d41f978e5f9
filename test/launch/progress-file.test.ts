import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { ProgressFile } from '../../src/launch/progress-file.ts';
import { test } from '../helpers/temp-dir.ts';

describe('ProgressFile', () => {
  test('tells of the last row that is whole, and of nothing until it changes', ({ dir }) => {
    const { path, file } = at(dir);
    expect(file.look()).toBeUndefined();

    writeFileSync(path, 'step,loss\n0,1\n10,0.5\n20,0.2');

    expect(file.look()).toEqual({ step: 10, metrics: { loss: 0.5 } });
    expect(file.look()).toBeUndefined();
    appendFileSync(path, '5\n');
    expect(file.look()).toEqual({ step: 20, metrics: { loss: 0.25 } });
  });

  test('takes a last line without its end once nobody writes any more', ({ dir }) => {
    const { path, file } = at(dir);
    writeFileSync(path, 'step,loss\n0,1\n10,0.5');
    file.look();

    expect(file.look(true)).toEqual({ step: 10, metrics: { loss: 0.5 } });
  });

  test('counts the rows of a file without steps', ({ dir }) => {
    const { path, file } = at(dir);
    writeFileSync(path, 'loss,note\r\n1,a\r\n0.5,b\r\n');
    expect(file.look()).toEqual({ step: 1, metrics: { loss: 0.5 } });

    appendFileSync(path, '0.4,"c, d"\r\n');

    expect(file.look()).toEqual({ step: 2, metrics: { loss: 0.4 } });
  });

  test('starts again with a file that was written anew, with a column more', ({ dir }) => {
    const { path, file } = at(dir);
    writeFileSync(path, 'loss\n1\n0.5\n');
    file.look();

    writeFileSync(path, 'loss,accuracy\n1,nan\n0.5,nan\n0.4,0.9\n');

    expect(file.look()).toEqual({ step: 2, metrics: { loss: 0.4, accuracy: 0.9 } });
  });

  test('starts again with a file that has become shorter', ({ dir }) => {
    const { path, file } = at(dir);
    writeFileSync(path, 'loss\n1\n0.5\n0.25\n');
    file.look();

    writeFileSync(path, 'loss\n7\n');

    expect(file.look()).toEqual({ step: 0, metrics: { loss: 7 } });
  });

  test('takes no header for a row where one stands above each', ({ dir }) => {
    const { path, file } = at(dir);

    writeFileSync(path, 'itr,loss\n0,1\nitr,loss\n1,0.5\n');

    expect(file.look()).toEqual({ step: 1, metrics: { itr: 1, loss: 0.5 } });
  });

  test('reads the first of its places that is there', ({ dir }) => {
    mkdirSync(join(dir, 'run_0'));
    const file = new ProgressFile([join(dir, 'progress.csv'), join(dir, 'run_0/progress.csv')]);

    writeFileSync(join(dir, 'run_0/progress.csv'), 'Diagnostics/Iteration,loss\n7,1\n');

    expect(file.look()).toEqual({ step: 7, metrics: { loss: 1 } });
  });
});

function at(dir: string): { path: string; file: ProgressFile } {
  const path = join(dir, 'progress.csv');
  return { path, file: new ProgressFile([path]) };
}
