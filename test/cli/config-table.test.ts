import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { resolutionText } from '../../src/cli/print-config.ts';
import type { ResolvedKey } from '../../src/experiment/resolve.ts';

describe('a config on a terminal', () => {
  const prompt = 'Answer in one word, and never say more than that. '.repeat(4);
  const long: ResolvedKey = {
    key: 'model.prompt',
    value: prompt,
    default: 'Be brief.',
    change: 'modified',
    description: 'what the model is told before every question it is asked in this experiment',
    origin: { layer: 'file', file: join(process.cwd(), 'settings/prompts.yaml'), line: 12 },
  };
  const short: ResolvedKey = { key: 'lr', value: 0.1, origin: { layer: 'default' } };
  const resolution = {
    experiment: 'chat',
    command: 'main',
    configs: [{ config: {}, keys: [long, short] }],
    notes: [],
  };
  const linesAt = (columns: number | undefined): string[] =>
    stripVTControlCharacters(resolutionText(resolution, columns)).split('\n');

  test.for([60, 80, 100, 160])('fits into %i columns, with descriptions whole', (columns) => {
    const lines = linesAt(columns);

    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(lines.join('\n')).toContain('…');
    for (const word of long.description!.split(' ')) expect(lines.join('\n')).toContain(word);
  });

  test('has descriptions below their keys where there is no room beside them', () => {
    expect(linesAt(80).slice(2, 6)).toEqual([
      '  key           value                   default    from',
      '* model.prompt  Answer in one word, a…  Be brief.  file settings/prompts.yaml:12',
      '      what the model is told before every question it is asked in this',
      '      experiment',
    ]);
  });

  test('is not cut without a terminal, where a long value moves its own line alone', () => {
    const lines = linesAt(undefined);

    expect(lines[3]).toContain(`${prompt}  Be brief.  file settings/prompts.yaml:12`);
    expect(lines[4]!.length).toBeLessThan(60);
    expect(lines.filter((line) => line.endsWith(' '))).toEqual([]);
  });
});
