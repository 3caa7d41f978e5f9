import type { Sample, Workload } from './cases/measure.ts';
import { runCase } from './cases/run-case.ts';
import { installPeers } from './peers/install.ts';
import { PEERS, rowsOf, runPeer } from './peers/run-peer.ts';
import { inRounds, median, option, rounded, writeResults, type Cases } from './rounds.ts';

const ALL = 'all three sinks';

/** Scalars a second: our sinks, the physical limit and the peers, each to a format of its own. */
export async function throughput(): Promise<void> {
  const load: Workload = { rows: option('rows', 100_000), keys: option('keys', 10) };
  const rounds = option('rounds', 3);
  const { versions, missing } = installPeers();
  const first = await runCase<Sample & { bytes: number }>(ALL, load);
  const bytesPerRow = first.bytes / load.rows;

  const cases: Cases<Sample> = {
    [ALL]: () => runCase(ALL, load),
    csv: () => runCase('csv', load),
    tensorboard: () => runCase('tensorboard', load),
    stdout: () => runCase('stdout', load),
    'bare writes of the same bytes': () => runCase('bare writes', load, bytesPerRow),
  };
  if (missing.pino === undefined) cases['pino'] = () => runCase('pino', load);
  const peers = PEERS.filter((peer) => missing[peer.tool] === undefined);
  for (const peer of peers) cases[peer.title] = () => runPeer(peer, load);

  const { samples, failed } = await inRounds(cases, rounds);
  const rowsOfCase = new Map(peers.map((peer) => [peer.title, rowsOf(peer, load)]));
  const speeds = samples[ALL]!.map((sample) => sample.scalarsPerSecond);
  const results = Object.entries(samples).map(([name, all]) => ({
    name,
    rows: rowsOfCase.get(name) ?? load.rows,
    scalarsPerSecond: Math.round(median(all.map((sample) => sample.scalarsPerSecond))),
    medianUs: median(all.map((sample) => sample.medianUs)),
    p99Us: median(all.map((sample) => sample.p99Us)),
    // Of the same round: a machine that was slow then was slow for both.
    oursIsTimes: median(all.map((sample, round) => speeds[round]! / sample.scalarsPerSecond)),
  }));
  print(load, rounds, results);
  const skipped = { ...missing, ...failed };
  for (const [name, reason] of Object.entries(skipped)) console.log(`skipped ${name}: ${reason}`);
  writeResults('throughput', { ...load, rounds, bytesPerRow, versions, skipped, results });
}

interface Result {
  readonly name: string;
  readonly rows: number;
  readonly scalarsPerSecond: number;
  readonly medianUs: number;
  readonly p99Us: number;
  readonly oursIsTimes: number;
}

function print(load: Workload, rounds: number, results: readonly Result[]): void {
  console.log(`throughput: rows of ${load.keys} scalars, median of ${rounds} rounds`);
  const lines = results.map(({ name, rows, scalarsPerSecond, medianUs, p99Us, oursIsTimes }) => [
    name,
    {
      rows,
      'scalars/s': scalarsPerSecond.toLocaleString('en'),
      'us a row (median)': rounded(medianUs),
      'p99 us': rounded(p99Us),
      'all three sinks is x': rounded(oursIsTimes),
    },
  ]);
  console.table(Object.fromEntries(lines));
}
