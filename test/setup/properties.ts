import fc from 'fast-check';

// The same examples every time, so that a failure is due to the change it comes with. To look for
// more: EXPTOOLS_PROPERTY_SEED=random, with EXPTOOLS_PROPERTY_RUNS=1000 for more of them.
const seed = process.env['EXPTOOLS_PROPERTY_SEED'] ?? '1';
const runs = Number(process.env['EXPTOOLS_PROPERTY_RUNS'] ?? 100);
fc.configureGlobal({ numRuns: runs, ...(seed !== 'random' && { seed: Number(seed) }) });
