import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { cutBackFiles } from '../../src/artifacts/cut-back.ts';
import { listArtifacts } from '../../src/artifacts/file-index.ts';
import { RunFiles } from '../../src/artifacts/run-files.ts';
import { test } from '../helpers/temp-dir.ts';

const namesIn = (dir: string): string[] => listArtifacts(dir).map(({ file }) => file);

describe('cutBackFiles', () => {
  test('lets the next attempt keep the same files under the same names', async ({ dir }) => {
    const run = join(dir, 'run');
    const aside = join(run, 'attempts/1');
    mkdirSync(run);
    const first = new RunFiles(run, () => 0);
    await first.save({ loss: 2 }, 'models/loss.json');
    const { count } = first;
    await first.save({ loss: 1 }, 'models/loss.json');
    writeFileSync(first.file('mine.txt'), 'mine');

    cutBackFiles(run, count, aside);
    cutBackFiles(run, count, aside); // as after a kill
    const second = new RunFiles(run, () => 0);
    await second.save({ loss: 0.5 }, 'models/loss.json');

    const files = ['files/models/loss.json', 'files/models/loss-2.json'];
    expect(namesIn(run)).toEqual(files);
    const text = (...path: string[]): string => readFileSync(join(...path), 'utf8');
    expect(files.map((file) => JSON.parse(text(run, file)))).toEqual([{ loss: 2 }, { loss: 0.5 }]);
    expect(namesIn(aside)).toEqual([files[1]]);
    expect(JSON.parse(text(aside, files[1]!))).toEqual({ loss: 1 });
    expect(text(run, 'files/mine.txt')).toBe('mine');
  });

  test('leaves what was opened, which is recorded late', async ({ dir }) => {
    const files = new RunFiles(dir, () => 0);
    const opened = await files.open(import.meta.filename);
    await opened.close();
    await files.settle(10_000);

    cutBackFiles(dir, 0, join(dir, 'attempts/1'));

    expect(listArtifacts(dir)).toMatchObject([{ kind: 'opened', access: 'read' }]);
  });
});
