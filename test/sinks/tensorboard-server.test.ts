import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { logger, openRun } from '../../src/index.ts';
import { runExp } from '../helpers/run-exp.ts';
import { runDirs } from '../helpers/stored.ts';
import { startTensorboard, type TensorboardServer } from '../helpers/tensorboard-server.ts';

const missing = inject('missingTools')['tensorboard'];
const PATIENCE = { timeout: 25_000, interval: 200 };

let root: string;
let board: TensorboardServer;
let dir: string; // of the first run
let run: string; // its name in TensorBoard

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'exptools-board-'));
  if (missing !== undefined) return;
  const swept = await runExp(['test/fixtures/media/main.ts', '--sweep', '--root', root]);
  expect(swept.code, swept.stderr).toBe(0);
  await openRun({ name: 'other', root, sinks: ['tensorboard'], config: { width: 3 } }, () =>
    logger.log({ area: 9 }),
  );
  dir = runDirs(root, 'media')[0]!;
  run = relative(root, dir);
  board = await startTensorboard(root);
  await vi.waitFor(async () => {
    expect(Object.keys(await board.get('plugin/scalars/tags'))).toHaveLength(5);
  }, PATIENCE);
}, 120_000);

afterAll(async () => {
  await board?.stop();
  rmSync(root, { recursive: true, force: true });
});

/** What a plugin has of a tag of the first run. */
function series(plugin: string, tag: string, more = ''): Promise<any> {
  return board.get(`plugin/${plugin}?run=${encodeURIComponent(run)}&tag=${tag}${more}`);
}

function artifact(path: string): Buffer {
  return readFileSync(join(dir, 'artifacts', path));
}

const ALL = ['STATUS_UNKNOWN', 'STATUS_SUCCESS', 'STATUS_FAILURE', 'STATUS_RUNNING'];

function sessions(): Promise<any[]> {
  const request = { allowedStatuses: ALL, colParams: [], startIndex: 0, sliceSize: 100 };
  return board
    .get('plugin/hparams/session_groups', request)
    .then(({ sessionGroups }) => sessionGroups as any[]);
}

/** A session as a row of the table. */
function row(session: any): Record<string, unknown> {
  const metrics = session.metricValues.map(({ name, value }: any) => [name.tag, value]);
  return { ...session.hparams, ...Object.fromEntries(metrics) };
}

describe.skipIf(missing !== undefined)('the web server of TensorBoard serves', () => {
  test('scalars', async () => {
    const points = await series('scalars/scalars', 'train/loss');

    expect(points.map(([, step, value]: number[]) => [step, value])).toEqual(
      [0.1, 0.1 / 2, 0.1 / 3].map((value, step) => [step, Math.fround(value)]),
    );
  });

  test('histograms', async () => {
    const points = await series('histograms/histograms', 'eval/weights');

    expect(points.map(([, step, buckets]: unknown[]) => [step, buckets])).toEqual(
      [0, 1, 2].map((step) => [
        step,
        [
          [step, step + 0.5, 1],
          [step + 0.5, step + 1, 2],
        ],
      ]),
    );
  });

  test.for([
    ['frame', 'image/png', 'png'],
    ['episode', 'image/gif', 'gif'],
  ])('images: %s, byte by byte as %s', async ([tag, type, extension]) => {
    const images = await series('images/images', `eval/${tag}`);

    expect(images.map(({ step }: { step: number }) => step)).toEqual([0, 1, 2]);
    for (const { step, query } of images) {
      const image = await board.fetch(`plugin/images/individualImage?${query}`);
      expect(image.type).toBe(type);
      expect(image.bytes.equals(artifact(`eval/${tag}/${step}.${extension}`))).toBe(true);
    }
  });

  test('sound', async () => {
    const sounds = await series('audio/audio', 'eval/tone');

    expect(sounds).toHaveLength(3);
    const { query, contentType } = sounds[2];
    const sound = await board.fetch(`plugin/audio/individualAudio?${query}`);
    expect(contentType).toBe('audio/wav');
    expect(sound.bytes.equals(artifact('eval/tone/2.wav'))).toBe(true);
  });

  test('text as Markdown, and tables', async () => {
    const texts = await series('text/text', 'eval/note', '&markdown=true');
    const tables = await series('text/text', 'eval/scores', '&markdown=true');

    expect(texts.map(({ text }: { text: string }) => text)).toEqual(
      [0, 1, 2].map((step) => `<p>step <strong>${step}</strong></p>`),
    );
    expect(tables[2].text.replaceAll('\n', '')).toBe(
      '<table><thead><tr><th>class</th><th>hits</th></tr></thead>' +
        '<tbody><tr><td>a&#124;b</td><td>2</td></tr></tbody></table>',
    );
  });

  test('the config as text', async () => {
    const [config] = await series('text/text', 'config', '&markdown=true');

    expect(config.step).toBe(0);
    expect(config.text).toContain('&quot;optimizer&quot;: &quot;sgd&quot;');
  });

  test('the parameters of all experiments, with domains; those that differ first', async () => {
    const { hparamInfos, metricInfos } = await board.get('plugin/hparams/experiment', {});

    expect(hparamInfos.map(({ name }: { name: string }) => name)).toEqual([
      'lr',
      'optimizer',
      'layers',
      'width',
    ]);
    const [lr, optimizer, layers] = hparamInfos;
    expect(lr).toMatchObject({ differs: true, domainInterval: { minValue: 0.1, maxValue: 1 } });
    expect(optimizer.domainDiscrete.toSorted()).toEqual(['adam', 'sgd']);
    expect(layers).toMatchObject({ differs: false, domainDiscrete: ['[8]'] });
    expect(metricInfos.map(({ name }: any) => name.tag)).toEqual([
      'area',
      'diverged',
      'score',
      'train/loss',
    ]);
  });

  test('the comparison of the runs of a sweep, with the objective from their results', async () => {
    const all = await sessions();

    const swept = all.filter(({ name }) => name.startsWith('media/'));
    const loss = (lr: number): number => Math.fround(lr / 3);
    expect(swept.map(row)).toEqual(
      expect.arrayContaining(
        [0.1, 1].flatMap((lr) =>
          ['sgd', 'adam'].map((optimizer) => ({
            lr,
            optimizer,
            layers: '[8]',
            'train/loss': loss(lr),
            diverged: 'NaN',
            score: Math.fround(lr * 2),
          })),
        ),
      ),
    );
    expect(swept.map(({ sessions: [session] }) => session.status)).toEqual(
      Array(4).fill('STATUS_SUCCESS'),
    );
    expect(all.filter(({ name }) => name.startsWith('other/')).map(row)).toEqual([
      { width: 3, area: 9 },
    ]);
  });

  test('a run while it is running, and how it ended', { timeout: 60_000 }, async () => {
    const live = await openRun({
      name: 'live',
      root,
      sinks: ['tensorboard'],
      config: { lr: 7 },
    });
    const session = async (): Promise<any> =>
      (await sessions()).find(({ name }) => name.startsWith('live/'));

    logger.log({ area: 1 });
    await vi.waitFor(
      async () => expect(row(await session())).toEqual({ lr: 7, area: 1 }),
      PATIENCE,
    );
    const { sessions: running } = await session();
    logger.log({ area: 2 });
    await vi.waitFor(async () => expect(row(await session())['area']).toBe(2), PATIENCE);
    await live.close(new Error('gone wrong'));
    await vi.waitFor(async () => {
      const { sessions: ended } = await session();
      expect(ended[0].status).toBe('STATUS_FAILURE');
    }, PATIENCE);

    expect(running[0].status).not.toMatch(/SUCCESS|FAILURE/);
  });
});
