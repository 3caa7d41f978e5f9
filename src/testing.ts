export { memorySink, type MemorySink } from './testing/memory-sink.ts';
export {
  sinkCases,
  testSink,
  type ReadRow,
  type SinkCase,
  type SinkContractOptions,
  type TestFunction,
} from './testing/sink-contract.ts';
