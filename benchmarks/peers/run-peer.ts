import { join } from 'node:path';
import type { Sample, Workload } from '../log-path.ts';
import { sampleOf } from '../run-case.ts';
import type { Tool } from './install.ts';
import { PYTHON_DIR } from './paths.ts';

/** One of the Python peers. */
export interface Peer {
  /** Its name in `peers.py`. */
  readonly name: string;
  readonly title: string;
  /** What has to be installed for it. */
  readonly tool: Tool;
  /** The share of the rows it logs: a slow one would take minutes over all. */
  readonly share: number;
}

export const PEERS: readonly Peer[] = [
  { name: 'csv', title: 'csv.DictWriter', tool: 'python', share: 1 },
  { name: 'trackio', title: 'trackio', tool: 'trackio', share: 0.5 },
  { name: 'EventFileWriter', title: 'EventFileWriter', tool: 'tensorboard', share: 0.5 },
  { name: 'sacred', title: 'Sacred, files', tool: 'sacred', share: 0.5 },
  { name: 'wandb', title: 'W&B, offline', tool: 'wandb', share: 0.2 },
  { name: 'swanlab', title: 'SwanLab, offline', tool: 'swanlab', share: 0.1 },
  { name: 'tensorboardX', title: 'tensorboardX', tool: 'tensorboardX', share: 0.05 },
  { name: 'mlflow', title: 'MLflow, files', tool: 'mlflow-skinny', share: 0.02 },
];

/** The rows a peer logs of this workload. */
export function rowsOf(peer: Peer, load: Workload): number {
  return Math.ceil(load.rows * peer.share);
}

/** Measures a peer in a process of its own. */
export function runPeer(peer: Peer, load: Workload): Promise<Sample> {
  const script = join(import.meta.dirname, 'peers.py');
  const args = [script, peer.name, String(rowsOf(peer, load)), String(load.keys)];
  return sampleOf(join(PYTHON_DIR, 'bin/python'), args);
}
