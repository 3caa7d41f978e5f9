import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { schemaOf } from '../../src/config/compose.ts';
import { isStructured, readValueFile } from '../../src/config/value-file.ts';
import { linesOfError } from '../helpers/compose.ts';
import { load } from '../helpers/load-files.ts';
import { test } from '../helpers/temp-dir.ts';

describe('@file', () => {
  test('stands for what the file holds, relative to the one that names it', async ({ dir }) => {
    const { config, origins } = await load(dir, {
      'main.yaml': 'net: "@parts/net.yaml"\nname: "@parts/name.txt"\nfree: ["@parts/net.yaml"]',
      'parts/net.yaml': 'width: 5\nact: "@act.txt"\n',
      'parts/act.txt': 'tanh',
      'parts/name.txt': 'two\nlines\n',
    });

    expect(config).toMatchObject({
      net: { width: 5, act: 'tanh' },
      name: 'two\nlines\n',
      free: [{ width: 5, act: 'tanh' }],
    });
    expect(origins).toMatchObject({
      'net.width': { layer: 'file', file: join(dir, 'parts/net.yaml'), line: 1 },
      'net.act': { file: join(dir, 'parts/act.txt'), line: 1 },
    });
  });

  test('is refused with the line it stands on', async ({ dir }) => {
    const files = { 'main.yaml': 'net: "@net.yaml"', 'net.yaml': '\nwidth: wide\nheight: 1' };

    expect(await linesOfError(() => load(dir, files))).toEqual([
      expect.stringMatching(/^Config key "net\.height" is unknown\. .* \(file .*net\.yaml:3\)$/),
    ]);
  });

  test('in a circle is an error that names it', async ({ dir }) => {
    const files = { 'a.yaml': 'free: "@b.yaml"', 'b.yaml': '["@a.yaml"]' };

    const [line] = await linesOfError(() => load(dir, files));

    expect(line).toMatch(
      /^Files refer to each other in a circle: .*a\.yaml → .*b\.yaml → .*a\.yaml\.$/,
    );
  });
});

describe('readValueFile', () => {
  test('reads the type of the key it is for', ({ dir }) => {
    const file = join(dir, 'list.yaml');
    writeFileSync(file, '- no\n- 1.10\n');
    const { properties } = schemaOf(z.object({ words: z.array(z.string()), text: z.string() }));

    expect(readValueFile(file, properties!['words']!).value).toEqual(['no', '1.10']);
    expect(readValueFile(file, 'open').value).toEqual(['no', 1.1]);
    expect(readValueFile(file, properties!['text']!).value).toBe('- no\n- 1.10\n');
    expect(readValueFile(file, 'open').placeOf(['1'])).toEqual({ file, line: 2 });
  });

  test.for<[file: string, is: boolean]>([
    ['a.json', true],
    ['a.YAML', true],
    ['a.yml', true],
    ['a.txt', false],
    ['yaml', false],
  ])('holds values in %s: %s', ([file, is]) => {
    expect(isStructured(file)).toBe(is);
  });
});
