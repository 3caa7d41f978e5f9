import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { codeFiles, hashOf } from '../../src/provenance/code-files.ts';
import { CodeWatch } from '../../src/sweeper/code-watch.ts';
import { test } from '../helpers/temp-dir.ts';

describe('CodeWatch', () => {
  test('knows what differs from the plan, and what does so no more', async ({ dir }) => {
    const [a, b] = [join(dir, 'a.js'), join(dir, 'b.js')];
    writeFileSync(a, `import './b.js';`);
    writeFileSync(b, 'one');
    const watch = new CodeWatch(await codeFiles([a]));
    expect(watch.changed()).toEqual([]);

    writeFileSync(b, 'another');
    expect(watch.changed()).toEqual([b]);
    writeFileSync(a, '');
    expect(watch.changed().sort()).toEqual([a, b]);
    writeFileSync(b, 'one');
    expect(watch.changed()).toEqual([a]);
    rmSync(b);
    expect(watch.changed().sort()).toEqual([a, b]);
  });

  test('takes a file that was only touched for what it was', async ({ dir }) => {
    const file = join(dir, 'a.js');
    writeFileSync(file, 'one');
    const watch = new CodeWatch(await codeFiles([file]));
    watch.changed();

    utimesSync(file, new Date(0), new Date(0));

    expect(watch.changed()).toEqual([]);
  });

  test('looks at a hundred files in far less time than it takes to read them', async ({ dir }) => {
    const files = Array.from({ length: 100 }, (_, i) => join(dir, `${i}.json`));
    for (const file of files) writeFileSync(file, 'x'.repeat(100_000));
    const watch = new CodeWatch(await codeFiles(files));
    watch.changed();

    const looking = fastest(() => watch.changed());

    expect(looking).toBeLessThan(fastest(() => files.map(hashOf)) / 4);
  });
});

/** Milliseconds. */
function fastest(work: () => void): number {
  const times = Array.from({ length: 20 }, () => {
    const before = performance.now();
    work();
    return performance.now() - before;
  });
  return Math.min(...times);
}
