import { describe, expect, test } from 'vitest';
import { exitReason } from '../../src/launch/exit-reason.ts';

describe('exitReason', () => {
  test.for([
    [{ code: 3, signal: null }, 'no such file', 'the process ended with exit code 3: no such file'],
    [{ code: 0, signal: null }, undefined, 'the process ended with exit code 0'],
    [{ code: null, signal: 'SIGTERM' }, 'x', 'killed by SIGTERM (signal 15)'],
    [{ code: null, signal: 'SIGSEGV' }, undefined, 'killed by SIGSEGV (signal 11)'],
    [
      { code: null, signal: 'SIGKILL' },
      undefined,
      'killed by SIGKILL (signal 9), by someone or by the kernel for want of memory',
    ],
  ] as const)('puts %o with last line %o as: %s', ([exit, line, text]) => {
    expect(exitReason(exit, { lastWords: line })).toBe(text);
  });
});

describe('exitReason of a process that was killed by SIGKILL', () => {
  const exit = { code: null, signal: 'SIGKILL' } as const;

  test.for([exit, { code: 137, signal: null }])(
    'blames the kernel if it has killed for want of memory meanwhile, after %o',
    (killed) => {
      expect(exitReason(killed, { hadMemoryKill: true })).toMatch(
        /^out of memory: killed by the kernel \(SIGKILL\)\. Start fewer runs at once/,
      );
    },
  );

  test('does not blame the kernel if it has not', () => {
    expect(exitReason(exit, { hadMemoryKill: false })).toBe('killed by SIGKILL (signal 9)');
  });
});

describe('exitReason of a process that aborted', () => {
  const fatalError =
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory';

  test.for([
    { code: null, signal: 'SIGABRT' },
    { code: 134, signal: null },
  ] as const)('says how to give it more memory, after %o', (exit) => {
    expect(exitReason(exit, { fatalError })).toContain('NODE_OPTIONS=--max-old-space-size=8192');
  });

  test('says no more than the signal if it was for something else', () => {
    const exit = { code: null, signal: 'SIGABRT' } as const;
    expect(exitReason(exit, {})).toBe('killed by SIGABRT (signal 6)');
  });
});
