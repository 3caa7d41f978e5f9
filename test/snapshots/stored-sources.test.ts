import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { SourceFile } from '../../src/core/sources.ts';
import { copySources } from '../../src/snapshots/stored-sources.ts';
import { treeOf } from '../helpers/project.ts';
import { test } from '../helpers/temp-dir.ts';

function file(path: string, content: string): SourceFile {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { path, sha256, bytes: content.length };
}

const copy = (dir: string, files: readonly SourceFile[]): unknown =>
  copySources(join(dir, 'run'), { format: 1, files, leftOut: [] }, join(dir, 'out/tree'));

describe('the stored sources of a run', () => {
  test('are copied, and what was changed since is named', ({ dir }) => {
    mkdirSync(join(dir, 'run/sources/lib'), { recursive: true });
    writeFileSync(join(dir, 'run/sources/main.ts'), 'one');
    writeFileSync(join(dir, 'run/sources/lib/net.ts'), 'edited');

    const changed = copy(dir, [
      file('main.ts', 'one'),
      file('lib/net.ts', 'two'),
      { path: 'link', link: 'lib/net.ts' },
    ]);

    expect(changed).toEqual([{ path: 'lib/net.ts', reason: 'the copy of the run was changed' }]);
    expect(treeOf(join(dir, 'out/tree'))).toEqual(['lib', 'lib/net.ts', 'link', 'main.ts']);
    expect(readFileSync(join(dir, 'out/tree/link'), 'utf8')).toBe('edited');
  });

  test.for<readonly SourceFile[]>([
    [file('../beside.ts', 'one')],
    [file('lib/../../beside.ts', 'one')],
    [file('/beside.ts', 'one')],
    [{ path: 'lib', link: '..' }, file('lib/beside.ts', 'one')],
    [file('lib/beside.ts', 'one'), { path: 'lib', link: '..' }],
  ])('go nowhere else: %j', (files, { dir }) => {
    mkdirSync(join(dir, 'run/sources/lib'), { recursive: true });
    writeFileSync(join(dir, 'run/sources/lib/beside.ts'), 'one');

    expect(() => copy(dir, files)).toThrow(/leads out of them: ".*beside\.ts"/);

    expect(existsSync(join(dir, 'out'))).toBe(false);
  });
});
