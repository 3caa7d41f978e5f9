import { describe, expect, test } from 'vitest';
import type { Media } from '../../../src/core/media.ts';
import { encodeSessionLog } from '../../../src/formats/tfevents/event.ts';
import {
  experimentInfo,
  HPARAMS_TAGS,
  sessionEnd,
  sessionStart,
} from '../../../src/formats/tfevents/hparams.ts';
import { encodeSummary, pluginData } from '../../../src/formats/tfevents/summary.ts';
import { TagOwners } from '../../../src/formats/tfevents/tag-owners.ts';

const TIME = 1_700_000_000.5;
const HEAD = '0900002040fc54d9411007'; // the time, and step 7

const EXPERIMENT =
  '0900002040fc54d94110072aaa010aa7010a145f68706172616d735f2f6578706572696d656e7442060801120212' +
  '004a86010a83010a0768706172616d73127812761900002040fc54d94122220a026c721a04726174652003321209' +
  '000000000000e03f11000000000000f03f380122180a036f707420012a0f0a051a037367640a061a046164616d2a' +
  '230a051203616363221a746865206f626a6563746976652c20746f206d6178696d697a652a080a0612046c6f7373';

function hex(message: Uint8Array): string {
  return Buffer.from(message).toString('hex');
}

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');

const MEDIA: [kind: string, tag: string, media: Media, golden: string][] = [
  [
    'histogram',
    'w',
    {
      kind: 'histogram',
      min: 0,
      max: 2,
      count: 5,
      notFinite: 0,
      sum: 6,
      sumOfSquares: 8,
      limits: [1, 2],
      counts: [2, 3],
    },
    '2a550a530a0177423e08021208120208021202080322300000000000000000000000000000f03f0000000000000040' +
      '000000000000f03f000000000000004000000000000008404a0e0a0c0a0a686973746f6772616d73',
  ],
  [
    'image',
    'i',
    { kind: 'image', format: 'png', bytes: ascii('PNG'), width: 2, height: 1 },
    '2a260a240a0169421308071204120208034201324201314203504e474a0a0a080a06696d61676573',
  ],
  [
    'video, which is an image',
    'i',
    { kind: 'video', format: 'gif', bytes: ascii('PNG'), width: 2, height: 1 },
    '2a260a240a0169421308071204120208034201324201314203504e474a0a0a080a06696d61676573',
  ],
  [
    'sound',
    'a',
    {
      kind: 'audio',
      format: 'wav',
      bytes: ascii('WAV'),
      sampleRate: 8000,
      channels: 1,
      frames: 1,
    },
    '2a290a270a01614213080712081202080112020802420357415642004a0d0a0b0a05617564696f1202100b',
  ],
  [
    'text',
    't',
    { kind: 'text', text: '**hi**' },
    '2a1d0a1b0a0174420c0807120042062a2a68692a2a4a080a060a0474657874',
  ],
];

// The bytes were made by TensorBoard's own Python classes from the same fields.
describe("an event is byte by byte what Google's protobuf writes for", () => {
  test.for(MEDIA)('a %s', ([, tag, media, golden]) => {
    expect(hex(encodeSummary(TIME, 7, tag, pluginData(media)))).toBe(HEAD + golden);
  });

  test('a table, which is Markdown', () => {
    const table: Media = { kind: 'table', columns: ['a'], rows: [[1]] };
    const asText: Media = { kind: 'text', text: '| a |\n| ---: |\n| 1 |\n' };

    expect(pluginData(table)).toEqual({ ...pluginData(asText), tensor: expect.anything() });
    expect(hex(encodeSummary(TIME, 7, 't', pluginData(table)))).toBe(
      hex(encodeSummary(TIME, 7, 't', pluginData(asText))),
    );
  });

  test('the start of a session', () => {
    const data = sessionStart(TIME, [
      { key: 'lr', value: 0.1 },
      { key: 'nothing', value: null },
    ]);

    expect(hex(encodeSummary(TIME, 7, HPARAMS_TAGS.sessionStart, data))).toBe(
      `${HEAD}2a530a510a1c5f68706172616d735f2f73657373696f6e5f73746172745f696e666f4206080112021200` +
        '4a290a270a0768706172616d73121c1a1a0a0f0a026c721209119a9999999999b93f2900002040fc54d941',
    );
  });

  test('the end of a session', () => {
    const data = sessionEnd(TIME + 1, 'completed');

    expect(hex(encodeSummary(TIME, 7, HPARAMS_TAGS.sessionEnd, data))).toBe(
      `${HEAD}2a420a400a1a5f68706172616d735f2f73657373696f6e5f656e645f696e666f42060801120212004a1a` +
        '0a180a0768706172616d73120d220b08011100006040fc54d941',
    );
  });

  test('an experiment: domains, descriptions, the objective first', () => {
    const data = experimentInfo(
      TIME,
      [
        { key: 'lr', value: 0.1, description: 'rate', minimum: 0.5, maximum: 1, isSwept: true },
        { key: 'opt', value: 'sgd', choices: ['sgd', 'adam'] },
      ],
      { metric: 'acc', direction: 'maximize' },
      ['loss', 'acc'],
    );

    expect(hex(encodeSummary(TIME, 7, HPARAMS_TAGS.experiment, data))).toBe(EXPERIMENT);
  });

  test('the start of an attempt', () => {
    expect(hex(encodeSessionLog(TIME, 5))).toBe('0900002040fc54d94110053a020801');
  });
});

describe('a tag', () => {
  test('belongs to the plugin that has it first; others get one of their own', () => {
    const owners = new TagOwners();

    expect(owners.claim('w', 'scalars')).toBe('w');
    expect(owners.claim('w', 'histograms')).toBe('w/histograms');
    expect(owners.claim('w', 'scalars')).toBe('w');
    expect(owners.claim('v/images', 'text')).toBe('v/images');
    expect(owners.claim('v', 'text')).toBe('v');
    expect(owners.claim('v', 'images')).toBe('v/images/images');
  });
});
