import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { describe, expect, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { addSaver, listArtifacts, openRun } from '../../src/index.ts';
import { listRunDirs } from '../../src/store/find-runs.ts';
import { inRun } from '../helpers/in-run.ts';
import { readNpy } from '../helpers/npy.ts';
import { test } from '../helpers/temp-dir.ts';

const utf8 = (path: string): string => readFileSync(path, 'utf8');

/** The file that a value is saved as. */
function saved(dir: string, value: unknown, name: string): Promise<string> {
  return inRun(dir, {}, (run) => run.save(value, name));
}

describe('run.save', () => {
  test('writes JSON with the numbers JSON lacks', async ({ dir }) => {
    const path = await saved(dir, { a: Number.NaN, b: [Infinity, -0.5], c: 'text' }, 'x.json');

    expect(JSON.parse(utf8(path))).toEqual({ a: 'nan', b: ['inf', -0.5], c: 'text' });
  });

  test('writes lines of JSON, CSV by rows and by columns, YAML, text and bytes', async ({
    dir,
  }) => {
    const rows = [
      { a: 1, b: 'x,y' },
      { a: Number.NaN, b: null },
    ];
    expect(utf8(await saved(dir, rows, 'rows.jsonl'))).toBe(
      '{"a":1,"b":"x,y"}\n{"a":"nan","b":null}\n',
    );
    expect(utf8(await saved(dir, rows, 'rows.csv'))).toBe('a,b\n1,"x,y"\nnan,\n');
    const columns = { a: [1, 2, 3], b: Float32Array.of(0.5, 1.5) };
    expect(utf8(await saved(dir, columns, 'columns.csv'))).toBe('a,b\n1,0.5\n2,1.5\n3,\n');
    expect(parse(utf8(await saved(dir, { a: [1, { b: 2 }] }, 'x.yaml')))).toEqual({
      a: [1, { b: 2 }],
    });
    expect(utf8(await saved(dir, '# Title\n', 'notes.md'))).toBe('# Title\n');
    expect([...readFileSync(await saved(dir, Uint16Array.of(1, 256), 'x.bin'))]).toEqual([
      1, 0, 0, 1,
    ]);
  });

  test('writes pictures', async ({ dir }) => {
    const path = await saved(
      dir,
      [
        [0, 1, 0],
        [1, 0, 1],
      ],
      'x.png',
    );

    const png = readFileSync(path);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([3, 2]);
  });

  test('writes arrays that NumPy reads', async ({ dir }) => {
    const npy = async (value: unknown) => readNpy(await saved(dir, value, 'x.npy'));

    expect(await npy([1, 2.5, Number.NaN])).toEqual({
      descr: '<f8',
      shape: [3],
      values: ['1.0', '2.5', 'nan'],
    });
    expect(
      await npy([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    ).toMatchObject({ shape: [3, 2] });
    expect(await npy([Float32Array.of(1, 2), Float32Array.of(3, 4)])).toMatchObject({
      shape: [2, 2],
      values: ['1.0', '2.0', '3.0', '4.0'],
    });
    expect(await npy(Int16Array.of(-1, 300))).toEqual({
      descr: '<i2',
      shape: [2],
      values: ['-1', '300'],
    });
    expect(await npy([1n, -(2n ** 62n)])).toMatchObject({
      descr: '<i8',
      values: ['1', String(-(2n ** 62n))],
    });
    expect(await npy([true, false])).toEqual({
      descr: '|b1',
      shape: [2],
      values: ['True', 'False'],
    });
    expect(await npy({ data: Uint8Array.of(1, 2, 3, 4), shape: [2, 2] })).toMatchObject({
      descr: '|u1',
      shape: [2, 2],
    });
    expect(await npy([])).toMatchObject({ shape: [0], values: [] });
  });

  test('refuses arrays that are not rectangular', async ({ dir }) => {
    await expect(saved(dir, [[1, 2], [3]], 'x.npy')).rejects.toThrow(
      'arrays are of unequal lengths',
    );
    await expect(saved(dir, { data: [1, 2], shape: [3] }, 'x.npy')).rejects.toThrow(
      'its shape is [3], but it has 2 values',
    );
  });

  test('chooses by the value where the name has no extension', async ({ dir }) => {
    const kinds = await inRun(dir, {}, async (run) => {
      const values = [
        'text',
        Buffer.from('x'),
        [1, 2],
        { a: 1 },
        [{ a: 1 }],
        3,
        Float32Array.of(1),
      ];
      const extensions: string[] = [];
      for (const value of values) {
        const path = await run.save(value, 'v1.2');
        extensions.push(path.slice(path.lastIndexOf('.')));
      }
      return extensions;
    });
    expect(kinds).toEqual(['.txt', '.bin', '.npy', '.json', '.json', '.json', '.npy']);
  });

  test('never overwrites, whatever is there and however many ask at once', async ({ dir }) => {
    await inRun(dir, {}, async (run) => {
      writeFileSync(run.file('v1.2.json'), 'mine');
      const paths = await Promise.all([1, 2, 3].map((value) => run.save(value, 'v1.2.json')));

      expect(paths.map((path) => path.slice(path.lastIndexOf('/') + 1)).sort()).toEqual([
        'v1.2-2.json',
        'v1.2-3.json',
        'v1.2-4.json',
      ]);
      expect(utf8(run.file('v1.2.json'))).toBe('mine');
      expect(paths.map(utf8).map(Number)).toEqual([1, 2, 3]);
      expect(readdirSync(join(run.dir, 'files'))).toHaveLength(4);
    });
  });

  test('names the nearest extension for one it does not know', async ({ dir }) => {
    await expect(saved(dir, {}, 'x.jsn')).rejects.toThrow(
      'Cannot save "x.jsn": nothing saves ".jsn" files. Did you mean ".json"?',
    );
    await expect(saved(dir, () => 1, 'x')).rejects.toThrow('nothing saves a function');
    await expect(saved(dir, {}, 'x.txt')).rejects.toThrow(
      'Cannot save "x.txt": such a file takes a string',
    );
  });

  test('takes savers of the user, which come first, and leaves nothing of one that fails', async ({
    dir,
  }) => {
    class Model {
      weights = [1, 2];
    }
    onTestFinished(
      addSaver({
        extension: '.model',
        matches: (value) => value instanceof Model,
        save: (value, path) => writeFile(path, (value as Model).weights.join(' ')),
      }),
    );
    onTestFinished(
      addSaver({
        extension: ['.bad'],
        save(_, path) {
          writeFileSync(path, 'half');
          throw new Error('no more');
        },
      }),
    );
    expect(utf8(await saved(dir, new Model(), 'best'))).toBe('1 2');
    await inRun(dir, {}, async (run) => {
      await expect(run.save(1, 'x.bad')).rejects.toThrow('Cannot keep "x.bad": no more.');
      expect(readdirSync(join(run.dir, 'files'))).toEqual([]);
      expect(listArtifacts(run.dir)).toEqual([]);
    });
    expect(() => addSaver({ extension: 'a b', save() {} })).toThrow('addSaver takes');
  });

  test('shares files between the runs of an experiment, outside of their directories', async ({
    dir,
  }) => {
    const root = join(dir, 'runs');
    const share = (value: number) =>
      openRun({ name: 'sharing', root, sinks: [] }, async (run) => {
        run.result = await run.save(value, 'run.json', { shared: true });
      });
    const [first, second] = [await share(1), await share(2)];

    expect(first.result).toBe(join(root, 'sharing/shared/run.json'));
    expect(second.result).toBe(join(root, 'sharing/shared/run-2.json'));
    expect(listArtifacts(second.dir)[0]).toMatchObject({ file: '../shared/run-2.json' });
    expect(listRunDirs(root)).toEqual([first.dir, second.dir]);
  });

  test('of a ghost run leaves nothing', async ({ dir }) => {
    const root = join(dir, 'runs');
    const run = await openRun({ name: 'ghostly', root, ghost: true, sinks: [] }, async (run) => {
      expect(utf8(await run.save('here', 'a.txt'))).toBe('here');
    });

    expect(existsSync(run.dir)).toBe(false);
    await expect(run.save('more', 'b.txt')).rejects.toThrow('The directory of the run is gone');
    expect(existsSync(run.dir)).toBe(false);
    expect(existsSync(root)).toBe(false);
  });
});
