import type { FanOut } from '../logging/fan-out.ts';
import { Heartbeat } from '../store/heartbeat.ts';
import type { LiveManifest } from './live-manifest.ts';

/**
 * Says that a run is `running`, and has its heart beat.
 * @throws what the disk says; nothing of the run stays open then.
 */
export function beginRun(dir: string, manifest: LiveManifest, fanOut: FanOut): Heartbeat {
  let heartbeat: Heartbeat | undefined;
  try {
    heartbeat = new Heartbeat(dir);
    manifest.start();
    return heartbeat;
  } catch (error) {
    heartbeat?.stop();
    fanOut.closeNow({ status: 'failed', endedAt: Date.now() / 1000, summary: {} });
    throw error;
  }
}
