import { describe, expect, test } from 'vitest';
import {
  redactJson,
  redactText,
  redactValue,
  redactWord,
  redactWords,
} from '../../src/core/redact.ts';

// Made up, of the forms that the services document; in parts, so that no scanner finds them here.
const TOKENS = [
  ['sk', 'proj', 'abcdefghijklmnop1234'].join('-'),
  ['ghp', 'abcdefghijklmnopqrstuvwxyz0123456789'].join('_'),
  ['AKIA', 'IOSFODNN7EXAMPLE'].join(''),
  ['hf', 'abcdefghijklmnopqrstuvwx'].join('_'),
];

describe('a name that looks like that of a secret hides its value', () => {
  test.for([
    'OPENAI_API_KEY',
    'apiKey',
    'service.apiKey',
    'AWS_ACCESS_KEY_ID',
    'HF_TOKEN',
    'dbPassword',
    'CLIENT_SECRET',
    'WANDB_KEY',
    'token',
    'aws.secretKey',
    'auth',
  ])('%s', (name) => {
    expect(redactValue(name, 'abc')).toBe('[redacted]');
  });

  test.for([
    'lr',
    'tokens',
    'maxTokens',
    'tokenizer',
    'padToken',
    'eos_token',
    'keyDim',
    'keyframe',
    'numKeys',
    'monkey',
    'author',
    'passes',
  ])('%s is none', (name) => {
    expect(redactValue(name, 'abc')).toBe('abc');
  });

  test('but for numbers and truth values, which are settings', () => {
    expect(['0.1', '512', 'true'].map((value) => redactValue('token', value))).toEqual([
      '0.1',
      '512',
      'true',
    ]);
  });
});

describe('a value that looks like a secret is hidden, whatever its name', () => {
  test.for(TOKENS)('%s', (token) => {
    expect(redactText(token)).toBe('[redacted]');
    expect(redactText(`use ${token}!`)).toBe('use [redacted]!');
  });

  test('the password of a URL, and not its user', () => {
    expect(redactText('postgres://me:hidden@host/db')).toBe('postgres://me:[redacted]@host/db');
  });

  test('ids, hashes, paths and configs are none', () => {
    const texts = [
      '20260131-142501-123_lr=0.1_x7k2m9',
      '79c8e7600112233445566778899aabbccddeeff0',
      '/home/me/Runs/digits/20260131-142501-123_x7k2m9',
      'GPU-5f2c1a2b-0000-1111-2222-333344445555',
    ];
    expect(texts.map(redactText)).toEqual(texts);
  });
});

describe('a command line', () => {
  test('keeps what is no secret, word by word', () => {
    const words = ['node', 'run-exp', 'main.ts', 'lr=0.1', '--seed', '3', 'net:={"a":1}', '~x'];
    expect(redactWords(words)).toEqual(words);
  });

  test('loses the values of flags and overrides with such names', () => {
    expect(
      redactWords(['--api-key', 'abc', '--api-key=abc', 'apiKey=abc', '+auth.token=abc']),
    ).toEqual([
      '--api-key',
      '[redacted]',
      '--api-key=[redacted]',
      'apiKey=[redacted]',
      '+auth.token=[redacted]',
    ]);
  });

  test('loses them inside of a command that is one word, too', () => {
    expect(redactWord('python train.py --token abc --lr 0.1')).toBe(
      'python train.py --token [redacted] --lr 0.1',
    );
  });
});

describe('a config', () => {
  test('loses its secrets at any depth, by their names and by their looks', () => {
    const config = {
      lr: 0.1,
      token: 512,
      services: [{ apiKey: 'abc', url: 'https://me:hush@host' }],
      passwords: ['one', 'two'],
      padToken: '<pad>',
      nothing: null,
    };
    expect(redactJson(config)).toEqual({
      lr: 0.1,
      token: 512,
      services: [{ apiKey: '[redacted]', url: 'https://me:[redacted]@host' }],
      passwords: ['[redacted]', '[redacted]'],
      padToken: '<pad>',
      nothing: null,
    });
  });
});
