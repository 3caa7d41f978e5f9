import { MessageChannel, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { addModuleSource } from '../provenance/loaded-packages.ts';

/** How the thread of the hooks, or this one, tells which modules are loaded. */
export interface UrlChannel {
  /** For the hooks' `initialize`. */
  readonly data: { readonly port: MessagePort };
  readonly transferList: MessagePort[];
}

/** Has the URLs of modules that a load hook tells of found by whoever lists packages. */
export function urlChannel(): UrlChannel {
  const { port1, port2 } = new MessageChannel();
  // Read when asked for: nobody waits for it, and no event does.
  port1.unref();
  addModuleSource(() => received(port1));
  return { data: { port: port2 }, transferList: [port2] };
}

function* received(port: MessagePort): Generator<string> {
  for (;;) {
    const message = receiveMessageOnPort(port);
    if (message === undefined) return;
    yield String(message.message);
  }
}
