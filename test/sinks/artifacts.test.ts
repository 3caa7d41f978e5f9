import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { logger, openRun } from '../../src/index.ts';
import { manifestOf } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

/** Logs in a run with this sink alone; its artifacts by path. */
async function artifactsOf(
  root: string,
  work: () => void,
): Promise<{ files: Record<string, Buffer>; run: string }> {
  const { dir } = await openRun({ name: 'artifacts', root, sinks: ['artifacts'] }, work);
  const at = join(dir, 'artifacts');
  const paths = readdirSync(at, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(at, path)).isFile(),
  );
  const files = paths.sort().map((path) => [path, readFileSync(join(at, path))]);
  return { files: Object.fromEntries(files) as Record<string, Buffer>, run: dir };
}

describe('artifacts', () => {
  test('are plain files, one for each piece of media', async ({ dir }) => {
    const { files } = await artifactsOf(dir, () => {
      logger.log({ loss: 1 }, { step: 4 });
      logger.prefix('eval', () => {
        logger.image('frame', [[0, 1]]);
        logger.video('episode', [[[0]], [[1]]], { step: 5 });
        logger.audio('tone', [0, 1], { sampleRate: 8000 });
        logger.text('note', '# Größe');
        logger.table('scores', [{ name: 'a "b"', score: Number.NaN }, { name: null }]);
        logger.histogram('weights', [1, 2, Infinity], { buckets: 2 });
      });
    });

    expect(Object.keys(files)).toEqual([
      'eval/episode/5.gif',
      'eval/frame/4.png',
      'eval/note/4.md',
      'eval/scores/4.csv',
      'eval/tone/4.wav',
      'eval/weights/4.json',
    ]);
    expect(files['eval/frame/4.png']!.subarray(1, 4).toString()).toBe('PNG');
    expect(files['eval/episode/5.gif']!.subarray(0, 6).toString()).toBe('GIF89a');
    expect(files['eval/tone/4.wav']!.subarray(0, 4).toString()).toBe('RIFF');
    expect(files['eval/note/4.md']!.toString()).toBe('# Größe');
    expect(files['eval/scores/4.csv']!.toString()).toBe('name,score\n"a ""b""",nan\n,\n');
    expect(JSON.parse(files['eval/weights/4.json']!.toString())).toEqual({
      min: 1,
      max: 2,
      count: 2,
      notFinite: 1,
      sum: 3,
      sumOfSquares: 5,
      limits: [1.5, 2],
      counts: [1, 1],
    });
  });

  test('are never overwritten', async ({ dir }) => {
    const { files } = await artifactsOf(dir, () => {
      for (const word of ['a', 'b', 'c']) logger.text('note', word, { step: 1 });
    });

    const words = Object.entries(files).map(([path, bytes]) => [path, bytes.toString()]);
    expect(Object.fromEntries(words)).toEqual({
      'note/1.md': 'a',
      'note/1-2.md': 'b',
      'note/1-3.md': 'c',
    });
  });

  test('take tags of any characters, and never leave their folder', async ({ dir }) => {
    const { files, run } = await artifactsOf(dir, () => {
      for (const tag of ['../../up', '/root', 'a//b', 'a:b', 'x', 'x/0.md', 'y'.repeat(400)]) {
        logger.text(tag, tag);
      }
    });

    const texts = Object.values(files).map(String).sort();
    expect(texts).toEqual(
      ['../../up', '/root', 'a//b', 'a:b', 'x', 'x/0.md', 'y'.repeat(400)].sort(),
    );
    expect(readdirSync(join(run, '..'))).toHaveLength(1);
    expect(manifestOf(run)['degraded']).toBeUndefined();
  });
});
