import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { composeConfig, schemaOf, type Composed } from '../dist/src/config/compose.js';
import { splitOverride } from '../dist/src/config/override.js';
import { variantAssignments } from '../dist/src/experiment/choose-axes.js';
import { define, type ExperimentOptions } from '../dist/src/experiment/definition.js';
import { chosenLayers, explicitLayers } from '../dist/src/experiment/layers.js';
import { planSweep } from '../dist/src/experiment/plan.js';
import type { SweepRequest } from '../dist/src/experiment/requests.js';

/** Milliseconds to resolve one config. */
export type ComposeSample = number;

const TEN = Array.from({ length: 10 }, (_, i) => i);
const REPETITIONS = 20;

// Ten sections of ten keys, each with a section of ten more: 200 keys.
const Inner = z.object(fields('deep', () => z.number().min(0).default(0)));
const Section = z.object({
  ...fields('key', (i) => (i < 5 ? z.int().default(i) : z.string().default('text'))),
  inner: Inner.prefault({}),
});
const Config = z.object(fields('section', () => Section.prefault({})));

/** In every section, its first key and the first `count` deep ones. */
function layer(count: number, value: number): Record<string, unknown> {
  const deep = Object.fromEntries(TEN.slice(0, count).map((i) => [`deep${i}`, value]));
  return fields('section', () => ({ key0: value, inner: deep }));
}

function fields<V>(prefix: string, make: (i: number) => V): Record<string, V> {
  return Object.fromEntries(TEN.map((i) => [`${prefix}${i}`, make(i)]));
}

const VARIANT = { 'section0.inner.deep0': 3, 'section1.inner.deep0': 3 };
const OVERRIDES = TEN.map((i) => `section${i}.inner.deep1=0.4`);

const options = {
  name: 'bench',
  config: Config,
  configs: { half: layer(5, 2) },
  sweep: Object.fromEntries(Object.entries(VARIANT).map(([key, value]) => [key, [value]])),
};
const definition = define(
  'benchmark',
  options as unknown as ExperimentOptions<never>,
  new Map([['main', () => undefined]]),
);
const described = schemaOf(Config);

/** A config that exists already, validated by zod alone. */
export function measureZod(): Promise<ComposeSample> {
  return withFile(async (request) => {
    const { input } = await composed(request)();
    return each(() => Config['~standard'].validate(input));
  });
}

/** Layers that are read already, composed and validated. */
export function measureComposing(): Promise<ComposeSample> {
  return withFile((request) => each(composed(request)));
}

/** The plan of one run: file, named config, variant and overrides read, composed, and validated. */
export function measurePlanning(): Promise<ComposeSample> {
  return withFile((request) => each(() => planSweep(definition, request)));
}

/** The same, once, as the first thing that a process does: no code is warm. */
export function measureFirst(): Promise<ComposeSample> {
  const args = [...process.execArgv, import.meta.filename];
  const text = execFileSync(process.execPath, args, { encoding: 'utf8' });
  return Promise.resolve(Number(text));
}

if (import.meta.filename === process.argv[1]) {
  const once = (request: SweepRequest): Promise<number> =>
    each(() => planSweep(definition, request), 1);
  process.stdout.write(String(await withFile(once)));
}

function composed(request: SweepRequest): () => Promise<Composed> {
  const layers = [
    ...chosenLayers(definition, described, request),
    variantAssignments(VARIANT),
    ...explicitLayers(described, request, OVERRIDES.map(splitOverride)),
  ];
  return () => composeConfig(definition, layers);
}

async function withFile<T>(work: (request: SweepRequest) => Promise<T>): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), 'exptools-bench-'));
  try {
    const file = join(root, 'base.yaml');
    writeFileSync(file, stringify(layer(10, 1)));
    return await work({ root, with: [file, 'half'], overrides: OVERRIDES });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function each(resolve: () => unknown, repetitions = REPETITIONS): Promise<ComposeSample> {
  const from = performance.now();
  for (let i = 0; i < repetitions; i++) await resolve();
  return (performance.now() - from) / repetitions;
}
