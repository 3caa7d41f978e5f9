import { describe, expect, test } from 'vitest';
import { withRoom } from '../../src/launch/with-room.ts';

const DELAYS = [1, 2, 3];

describe('withRoom', () => {
  test.for(['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE'])(
    'tries again after %s until there is room, and says so',
    async (code) => {
      const notices: string[] = [];
      const start = failing(2, code);

      const started = await withRoom(start, {
        onNotice: (text) => notices.push(text),
        delays: DELAYS,
      });

      expect(started).toBe('started');
      const trouble = `exptools: no process could be started (spawn node ${code}): trying again`;
      expect(notices).toEqual([`${trouble} in 0.001s`, `${trouble} in 0.002s`]);
    },
  );

  test('gives up in the end, and says what may help', async () => {
    const work = withRoom(failing(4, 'EAGAIN'), { onNotice: () => {}, delays: DELAYS });

    await expect(work).rejects.toMatchObject({
      code: 'EXP_LAUNCH',
      message:
        'No process could be started: spawn node EAGAIN. There are as many processes as the user ' +
        'or the container may have (ulimit -u). End what is not needed, raise the limit, or start ' +
        'fewer runs at once with --slots.',
    });
  });

  test('tries nothing again that has another reason', async () => {
    const notices: string[] = [];
    const work = withRoom(failing(1, 'ENOENT'), { onNotice: (text) => notices.push(text) });

    await expect(work).rejects.toMatchObject({ code: 'ENOENT' });
    expect(notices).toEqual([]);
  });

  test('waits no longer once it is aborted', async () => {
    const controller = new AbortController();
    const work = withRoom(failing(2, 'EAGAIN'), {
      onNotice: () => controller.abort(),
      signal: controller.signal,
      delays: [1e6, 1e6],
    });

    await expect(work).rejects.toMatchObject({ code: 'EXP_LAUNCH' });
  });
});

/** Starts something at last, after so many errors of the system. */
function failing(times: number, code: string): () => Promise<string> {
  let left = times;
  return () => {
    const error = Object.assign(new Error(`spawn node ${code}`), { code });
    return left-- > 0 ? Promise.reject(error) : Promise.resolve('started');
  };
}
