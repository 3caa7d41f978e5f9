import { vi } from 'vitest';
import { TENSORBOARD_PYTHON } from '../setup/tool-paths.ts';
import { start } from './run-exp.ts';

const PATIENCE = { timeout: 40_000, interval: 200 };

/** The web server of TensorBoard, as `tensorboard --logdir` starts it. */
export interface TensorboardServer {
  /** What a route below `/data/` answers, as JSON; a body makes it a POST. */
  get(route: string, body?: object): Promise<any>;
  /** The bytes that a route below `/data/` answers, and their type. */
  fetch(route: string): Promise<{ bytes: Buffer; type: string | null }>;
  stop(): Promise<void>;
}

/** Starts TensorBoard on a free port of the loopback, and waits until it answers. */
export async function startTensorboard(logdir: string): Promise<TensorboardServer> {
  const flags = [
    '--logdir',
    logdir,
    '--host',
    '127.0.0.1',
    '--port',
    '0',
    '--reload_interval',
    '1',
  ];
  const server = start(TENSORBOARD_PYTHON, ['-m', 'tensorboard.main', ...flags]);
  const [url] = await server.until(/http:\/\/127\.0\.0\.1:\d+/);
  const request = async (route: string, body?: object): Promise<Response> => {
    const response = await fetch(`${url}/data/${route}`, {
      ...(body !== undefined && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    if (!response.ok) throw new Error(`${route}: ${response.status} ${await response.text()}`);
    return response;
  };
  await vi.waitFor(() => request('environment'), PATIENCE);
  return {
    get: async (route, body) => (await request(route, body)).json(),
    async fetch(route) {
      const response = await request(route);
      const bytes = Buffer.from(await response.arrayBuffer());
      return { bytes, type: response.headers.get('content-type') };
    },
    async stop() {
      server.child.kill('SIGTERM');
      await server.finished;
    },
  };
}
