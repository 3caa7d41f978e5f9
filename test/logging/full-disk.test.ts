import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { OutputLog } from '../../src/logging/output-log.ts';
import { test } from '../helpers/small-disk.ts';

describe('an output log on a disk that is full', () => {
  test('costs the log and nothing else, which is said once', ({ disk }) => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const log = new OutputLog();
      log.open(disk);
      for (let i = 0; i < 100; i++) log.write('stdout', Buffer.from(`${'x'.repeat(2000)}\n`));
      log.line('later');
      log.close();

      expect(said.mock.calls.map(([text]) => String(text))).toEqual([
        expect.stringMatching(/output\.log is incomplete: ENOSPC/),
      ]);
      expect(readFileSync(join(disk, 'output.log'), 'utf8')).toMatch(/^(x{2000}\n)+$/);
    } finally {
      said.mockRestore();
    }
  });
});
