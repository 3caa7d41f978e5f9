import { ManyFiles, measureWay, ways, type Cost } from './code-snapshot.ts';
import { measureExplicit, measureInjected, measurePlain } from './captured-call.ts';
import { measureCheckpoint, measurePlainWrite, measureSerialized } from './checkpoint.ts';
import { measureComposing, measureFirst, measurePlanning, measureZod } from './compose.ts';
import { measureLateColumn, type Stretch } from './late-column.ts';
import type { Workload } from './log-path.ts';
import { measureSweep, measureXargs } from './launching.ts';
import { measureMemory } from './memory.ts';
import { latency } from './latency.ts';
import { inRounds, median, medians, option, writeResults } from './rounds.ts';
import { throughput } from './throughput.ts';

// npm run bench [-- --only throughput --rows 20000 --rounds 3]
const rounds = option('rounds', 5);
const benchmarks: Readonly<Record<string, () => Promise<void>>> = {
  throughput,
  latency,
  'late-column': lateColumn,
  memory,
  'captured-call': capturedCall,
  compose,
  launching,
  checkpoint,
  'code-snapshot': codeSnapshot,
};
const at = process.argv.indexOf('--only');
const only = at < 0 ? undefined : process.argv[at + 1];
if (only !== undefined && !Object.hasOwn(benchmarks, only)) {
  throw new Error(`No benchmark "${only}". There are: ${Object.keys(benchmarks).join(', ')}.`);
}
for (const [name, run] of Object.entries(benchmarks)) {
  if (only === undefined || only === name) await run();
}

async function lateColumn(): Promise<void> {
  const load: Workload = { rows: option('rows', 1_000_000), keys: option('keys', 10) };
  const { megabytes, seconds, ...stretches } = await measureLateColumn(load);
  console.log(
    `late column: ${load.rows} rows of ${load.keys} scalars, ${megabytes} MB; ` +
      `the new column is in the file after ${seconds.toFixed(2)} s`,
  );
  const figures = ({ rows, medianUs, p999Us, maxUs }: Stretch): Record<string, number> => ({
    'turns of the loop': rows,
    'us (median)': Number(medianUs.toFixed(2)),
    'p99.9 us': Math.round(p999Us),
    'longest stall us': Math.round(maxUs),
  });
  console.table({
    'empty loop': figures(stretches.empty),
    logging: figures(stretches.logging),
    'logging, while the column comes': figures(stretches.widening),
  });
  writeResults('late-column', { ...load, megabytes, seconds, ...stretches });
}

async function memory(): Promise<void> {
  const keys = option('keys', 10);
  const results = await measureMemory([1_000_000, 3_000_000, 10_000_000], keys);
  console.log(`memory: scalars logged in one run, ${keys} a row, all three sinks`);
  console.table(
    Object.fromEntries(
      results.map(({ scalars, rss, heap }) => [
        scalars.toLocaleString('en'),
        { 'RSS MB': rss, 'heap MB': heap },
      ]),
    ),
  );
  writeResults('memory', { keys, results });
}

async function capturedCall(): Promise<void> {
  const calls = option('calls', 500_000);
  const samples = await inRounds(
    {
      'plain call': () => measurePlain(calls),
      'captured, 3 values given': () => measureExplicit(calls),
      'captured, 3 values injected': () => measureInjected(calls),
    },
    rounds,
  );
  const base = median(samples['plain call']!);
  const results = Object.entries(samples).map(([name, all]) => {
    const nanoseconds = median(all);
    return { name, nanoseconds, overPlain: Number((nanoseconds - base).toFixed(3)) };
  });
  console.log(`captured call: ${calls} calls, median of ${rounds} rounds`);
  console.table(
    Object.fromEntries(
      results.map(({ name, nanoseconds, overPlain }) => [
        name,
        { 'ns a call': nanoseconds, 'ns over plain': overPlain },
      ]),
    ),
  );
  writeResults('captured-call', { calls, rounds, results });
}

async function compose(): Promise<void> {
  const samples = await inRounds(
    {
      'zod alone, values given': measureZod,
      'layers at hand, composed, validated': measureComposing,
      'a run planned': measurePlanning,
      'the first plan of a process': measureFirst,
    },
    rounds,
  );
  const results = Object.entries(samples).map(([name, all]) => ({
    name,
    milliseconds: median(all),
  }));
  console.log(`compose: 200 keys from five layers, median of ${rounds} rounds`);
  console.table(
    Object.fromEntries(
      results.map(({ name, milliseconds }) => [name, { 'ms a config': milliseconds }]),
    ),
  );
  writeResults('compose', { rounds, results });
}

async function launching(): Promise<void> {
  const runs = option('runs', 100);
  const samples = await inRounds(
    {
      'xargs -P2, same file, same loader': () => measureXargs(runs),
      'run-exp --sweep, 2 slots': () => measureSweep(runs),
    },
    rounds,
    { warmUp: false },
  );
  const floor = samples['xargs -P2, same file, same loader']!;
  const results = Object.entries(samples).map(([name, all]) => ({
    name,
    seconds: median(all),
    // Of the same round: a machine that was slow then was slow for both.
    timesXargs: median(all.map((seconds, round) => seconds / floor[round]!)),
  }));
  console.log(`launching: ${runs} trivial runs, two at a time, median of ${rounds} rounds`);
  console.table(
    Object.fromEntries(
      results.map(({ name, seconds, timesXargs }) => [name, { seconds, '× xargs': timesXargs }]),
    ),
  );
  writeResults('launching', { runs, rounds, results });
}

async function checkpoint(): Promise<void> {
  const megabytes = option('megabytes', 100);
  const samples = await inRounds(
    {
      'plain write and fsync': () => measurePlainWrite(megabytes),
      checkpoint: () => measureCheckpoint(megabytes),
      'v8.serialize, write and fsync': () => measureSerialized(megabytes),
    },
    rounds,
  );
  const floor = samples['plain write and fsync']!;
  const results = Object.entries(samples).map(([name, all]) => ({
    name,
    milliseconds: Math.round(median(all)),
    // Of the same round: a disk that was slow then was slow for all.
    timesPlain: Number(median(all.map((one, round) => one / floor[round]!)).toFixed(2)),
  }));
  console.log(`checkpoint: ${megabytes} MB of typed arrays, median of ${rounds} rounds`);
  console.table(
    Object.fromEntries(
      results.map(({ name, milliseconds, timesPlain }) => [
        name,
        { ms: milliseconds, '× plain write': timesPlain },
      ]),
    ),
  );
  writeResults('checkpoint', { megabytes, rounds, results });
}

async function codeSnapshot(): Promise<void> {
  const files = option('files', 10_000);
  const repository = new ManyFiles(files);
  try {
    const results: object[] = [];
    // What has changed once stays changed: the cases without changes go first, in rounds of theirs.
    for (const changed of [0, 10, 100]) {
      const cases = Object.keys(ways).map((name) => [
        name,
        (): Promise<Cost> => measureWay(repository, name, changed),
      ]);
      const samples = await inRounds<Cost>(Object.fromEntries(cases), rounds);
      for (const [name, all] of Object.entries(samples)) {
        const timesStatus = all.map(({ ms }, round) => ms / samples['git status']![round]!.ms);
        results.push({ name, changed, ...medians(all), timesStatus: median(timesStatus) });
      }
    }
    console.log(`code snapshot: a repository of ${files} files, median of ${rounds} rounds`);
    console.table(results);
    writeResults('code-snapshot', { files, rounds, results });
  } finally {
    repository.remove();
  }
}
