import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { messageOf } from '../../src/core/errors.ts';
import { withRoom } from '../../src/launch/with-room.ts';
import { REPO, start } from '../helpers/run-exp.ts';

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

describe('Session.open', () => {
  test('waits for room where the user may have no more processes', async ({ skip }) => {
    const script = join(REPO, 'test/fixtures/launcher/crowded.js');
    const [file, ...args] = [...LIMITED, process.execPath, script];
    try {
      const [first, ...rest] = [...LIMITED, 'test', '-r', script];
      execFileSync(first, rest, { stdio: 'pipe' });
      execFileSync('prlimit', ['--version'], { stdio: 'pipe' });
    } catch (error) {
      skip(`nobody can be limited here: ${messageOf(error)}`);
    }
    const { child, until, finished } = start(file, args);
    onTestFinished(() => void child.kill('SIGKILL'));
    await until(/ready/);

    limit(child.pid!, 1);
    child.kill('SIGUSR2');
    await until(/no process could be started \(spawn .* EAGAIN\): trying again in 0\.5s/);
    limit(child.pid!, 1000);

    expect(await finished).toMatchObject({ code: 0, stdout: expect.stringMatching(/started\n$/) });
  });
});

// Nothing limits the processes of root.
const LIMITED =
  process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];

function limit(pid: number, processes: number): void {
  const [file, ...args] = [...LIMITED, 'prlimit', '--pid', `${pid}`, `--nproc=${processes}:1000`];
  execFileSync(file, args, { stdio: 'pipe' });
}

/** Starts something at last, after so many errors of the system. */
function failing(times: number, code: string): () => Promise<string> {
  let left = times;
  return () => {
    const error = Object.assign(new Error(`spawn node ${code}`), { code });
    return left-- > 0 ? Promise.reject(error) : Promise.resolve('started');
  };
}
