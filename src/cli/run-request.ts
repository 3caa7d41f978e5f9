import { resolve } from 'node:path';
import { checkPolicy } from '../checkpoint/policy.ts';
import { looksLikeOverride } from '../config/override.ts';
import { ExpError } from '../core/errors.ts';
import type { GitState, Tagging } from '../core/run-spec.ts';
import { splitOutside, unquote } from '../core/split.ts';
import { earlierConfig } from '../experiment/earlier-config.ts';
import type { SweepRequest } from '../experiment/requests.ts';
import type { Project } from '../project/project-config.ts';
import { snapshotCode } from '../run/snapshot-code.ts';
import { isGhostEnvironment } from '../store/ghost-root.ts';
import { parseSinkNames } from '../core/sink-names.ts';
import { findRun } from '../store/find-runs.ts';
import type { RunFlags } from './run-flags.ts';

/** What is to be run, and around it. */
export interface Asked<Request> {
  readonly request: Request;
  readonly project: Project;
  /** The run root that earlier runs lie in; another one than that of the request in ghost mode. */
  readonly earlier: string;
}

/**
 * What the words and flags after a file ask for: `with=...` chooses configs, other words that hold a
 * `=` or begin with `~` are overrides, and the one word that is left is a command of the experiment.
 * @throws {ExpError} EXP_USAGE for a second one.
 */
export function runRequest(
  file: string,
  words: readonly string[],
  flags: RunFlags,
  project: Project,
): SweepRequest {
  if (words.includes('=')) {
    throw new ExpError('EXP_USAGE', 'Write overrides without blanks around the "=", as in lr=0.1.');
  }
  const [command, ...others] = words.filter((word) => !looksLikeOverride(word));
  if (others.length > 0) {
    throw new ExpError(
      'EXP_USAGE',
      `"${others[0]}" is one command too many after "${command}". Overrides are written key=value.`,
    );
  }
  const root = flags.root === undefined ? project.root : resolve(flags.root);
  const chosen = words.filter(isChoice).flatMap(chosenConfigs);
  // What only looks at a config need not wait for git.
  const isLook = flags.printConfig === true || flags.saveConfig !== undefined || flags.dryRun;
  const ghost = flags.ghost === true || isGhostEnvironment();
  const git = isLook === true ? undefined : snapshotCode(project, root, { ghost });
  if (isLook !== true && !ghost) checkTagging(project, flags, git);
  return {
    file,
    root,
    overrides: words.filter((word) => looksLikeOverride(word) && !isChoice(word)),
    ...(chosen.length > 0 && { with: chosen }),
    ...(flags.from !== undefined && { from: earlierConfig(findRun(root, flags.from)) }),
    ...(command !== undefined && { command }),
    ...(flags.repeats !== undefined && { repeats: flags.repeats }),
    ...(flags.axes !== undefined && { axes: resolve(flags.axes) }),
    ...(flags.samples !== undefined && { samples: flags.samples }),
    ...(flags.seed !== undefined && { seed: flags.seed }),
    ...(flags.sinks !== undefined && { sinks: parseSinkNames(flags.sinks) }),
    ...(flags.systemMetrics !== undefined && { systemMetrics: flags.systemMetrics }),
    ...(flags.checkpoint !== undefined && {
      checkpoint: checkPolicy(flags.checkpoint, '--checkpoint'),
    }),
    ...(flags.grace !== undefined && { grace: flags.grace / 1000 }),
    ...(flags.name !== undefined && { name: flags.name }),
    ...(flags.comment !== undefined && { comment: flags.comment }),
    ...(git !== undefined && { git }),
    tagging: taggingOf(project, flags),
  };
}

function taggingOf({ tagging }: Project, flags: RunFlags): Tagging {
  return {
    ...tagging,
    ...(flags.tag === true && { tag: true }),
    ...(flags.push === true && { push: tagging.push ?? 'origin' }),
    ...(flags.dropWithoutResults === true && { dropWithoutResults: true }),
  };
}

/** @throws {ExpError} EXP_USAGE for a flag about tags where runs can have none. */
function checkTagging(project: Project, flags: RunFlags, git: GitState | undefined): void {
  const flag = [
    flags.tag === true && '--tag',
    flags.push === true && '--push',
    flags.dropWithoutResults === true && '--drop-without-results',
  ].find((name) => name !== false);
  // A repository that takes nothing is no reason not to run: that has been said.
  if (flag === undefined || git?.snapshot !== undefined || git?.error !== undefined) return;
  const why =
    git === undefined
      ? `there is no git repository around "${project.dir}"`
      : '"snapshot: false" or EXP_SNAPSHOT=0 turns that off';
  throw new ExpError(
    'EXP_USAGE',
    `${flag} is about the tag of a run, which keeps its code in git, and ${why}. Leave it out.`,
  );
}

const WITH = 'with=';

function isChoice(word: string): boolean {
  return word.startsWith(WITH);
}

/** The named configs and config files of `with=big,small.yaml`. */
function chosenConfigs(word: string): string[] {
  const names = splitOutside(word.slice(WITH.length), ',').map((name) => unquote(name.trim()));
  if (!names.includes('')) return names;
  throw new ExpError('EXP_USAGE', `"${word}" names no config. Write with=name or with=file.yaml.`);
}
