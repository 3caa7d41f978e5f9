import type { RunSpec } from '../core/run-spec.ts';
import type { Description } from '../experiment/describe.ts';
import type { PlannedSweep } from '../experiment/plan.ts';
import type { ExtensionRequest, PlannedExtension } from '../experiment/plan-extension.ts';
import type { RunRequest, SweepRequest } from '../experiment/requests.ts';
import type { Resolution } from '../experiment/resolve.ts';
import type { ResizeMessage, RunMessage } from '../launch/session.ts';

/** The file and the experiment in it that a question is about. */
interface Subject {
  readonly file: string;
  readonly experiment?: string;
}

/** What the command line asks a worker process, which alone imports the user's file. */
export type Question =
  | ({ readonly type: 'describe'; readonly sinks?: readonly string[] } & Subject)
  | ({ readonly type: 'plan-run'; readonly request: RunRequest } & Subject)
  | ({ readonly type: 'plan-sweep'; readonly request: SweepRequest } & Subject)
  | ({ readonly type: 'plan-extension'; readonly extension: ExtensionRequest } & Subject)
  | ({
      readonly type: 'resolve';
      readonly request: SweepRequest;
      readonly isSweep: boolean;
    } & Subject)
  | ({
      readonly type: 'config-file';
      readonly request: SweepRequest;
      readonly format: 'json' | 'yaml';
    } & Subject);

/** All that the launcher's process sends. */
export type ToWorker = Question | ResizeMessage | RunMessage;

/** The answers, by question. */
export interface Answers {
  readonly describe: Description;
  readonly 'plan-run': RunSpec;
  readonly 'plan-sweep': PlannedSweep;
  readonly 'plan-extension': PlannedExtension;
  readonly resolve: Resolution;
  readonly 'config-file': string;
}
