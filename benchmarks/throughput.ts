import { messageOf } from '../src/core/errors.ts';
import type { Sample, Workload } from './log-path.ts';
import { installPeers } from './peers/install.ts';
import { PEERS, rowsOf, runPeer } from './peers/run-peer.ts';
import { inRounds, median, medians, option, rounded, writeResults } from './rounds.ts';
import { runCase } from './run-case.ts';

const ALL = 'all three sinks';
const PROBE_ROWS = 200;

type Cases = Record<string, () => Promise<Sample>>;

interface Result extends Sample {
  readonly name: string;
  readonly rows: number;
  /** How many times as fast all three sinks together are. */
  readonly oursIsTimes: number;
}

/** Scalars a second: our sinks, the physical limit and the peers, each to a format of its own. */
export async function throughput(): Promise<void> {
  const load: Workload = { rows: option('rows', 100_000), keys: option('keys', 10) };
  const rounds = option('rounds', 3);
  const { versions, missing } = installPeers();
  const { bytes } = await runCase<Sample & { bytes: number }>(ALL, load);
  const bytesPerRow = bytes / load.rows;
  const ours: Cases = {
    [ALL]: () => runCase(ALL, load),
    csv: () => runCase('csv', load),
    tensorboard: () => runCase('tensorboard', load),
    stdout: () => runCase('stdout', load),
    'bare writes of the same bytes': () => runCase('bare writes', load, bytesPerRow),
  };
  const { peers, skipped } = await peersThatRun(load, missing);
  const samples = await inRounds({ ...ours, ...peers }, rounds, { warmUp: false });

  const rowsOfPeer = new Map(PEERS.map((peer) => [peer.title, rowsOf(peer, load)]));
  const speeds = samples[ALL]!.map((sample) => sample.scalarsPerSecond);
  const results = Object.entries(samples).map(([name, all]) => ({
    name,
    rows: rowsOfPeer.get(name) ?? load.rows,
    ...medians(all),
    // Of the same round: a machine that was slow then was slow for both.
    oursIsTimes: median(all.map((sample, round) => speeds[round]! / sample.scalarsPerSecond)),
  }));
  print(load, rounds, results);
  for (const [name, reason] of Object.entries(skipped)) console.log(`skipped ${name}: ${reason}`);
  writeResults('throughput', { ...load, rounds, bytesPerRow, versions, skipped, results });
}

/** The peers that log a few rows here, and why the others do not. */
async function peersThatRun(
  load: Workload,
  missing: Readonly<Record<string, string>>,
): Promise<{ peers: Cases; skipped: Record<string, string> }> {
  const peers: Cases = {};
  const skipped: Record<string, string> = {};
  const few = { ...load, rows: PROBE_ROWS };
  const consider = async (
    name: string,
    tool: string,
    measure: (load: Workload) => Promise<Sample>,
  ): Promise<void> => {
    try {
      if (missing[tool] !== undefined) throw new Error(missing[tool]);
      await measure(few);
      peers[name] = () => measure(load);
    } catch (error) {
      skipped[name] = messageOf(error).trim().split('\n').at(-1)!;
    }
  };
  await consider('pino', 'pino', (load) => runCase('pino', load));
  for (const peer of PEERS) await consider(peer.title, peer.tool, (load) => runPeer(peer, load));
  return { peers, skipped };
}

function print(load: Workload, rounds: number, results: readonly Result[]): void {
  console.log(`throughput: rows of ${load.keys} scalars, median of ${rounds} rounds`);
  const lines = results.map((result) => [
    result.name,
    {
      rows: result.rows,
      'scalars/s': Math.round(result.scalarsPerSecond).toLocaleString('en'),
      'us a row (median)': rounded(result.medianUs),
      'p99 us': rounded(result.p99Us),
      'CPU us': rounded(result.cpuUs),
      'all three are x': rounded(result.oursIsTimes),
    },
  ]);
  console.table(Object.fromEntries(lines));
}
