import { lstatSync, readlinkSync, realpathSync, type Stats } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import ignore from 'ignore';
import { messageOf } from '../core/errors.ts';
import type { LeftOut } from '../core/sources.ts';

/** What a project says of its backup. */
export interface SourceRules {
  readonly ignore: readonly string[];
  /** In bytes. */
  readonly maxFileSize: number;
}

/** A file to back up: a regular one, or a link with what it refers to. */
export type ChosenSource =
  { readonly path: string } | { readonly path: string; readonly link: string };

/**
 * Decides which files of a project are backed up. Left out, with the reason, is what the rules
 * ignore, what is too large, what looks like a secret (a rule such as `!.env.example` takes it in
 * all the same), and links that lead out of the project. A file that is gone by now is no source.
 * @param paths relative to `dir`, with slashes.
 */
export function chooseSources(
  dir: string,
  paths: readonly string[],
  rules: SourceRules,
): { chosen: ChosenSource[]; leftOut: LeftOut[] } {
  const judge = judgeNames(rules.ignore);
  const chosen: ChosenSource[] = [];
  // By path, since a directory is named once, not with every file in it.
  const leftOut = new Map<string, LeftOut>();
  for (const path of [...paths].sort()) {
    const judged = judge(path) ?? judgeFile(dir, path, rules.maxFileSize);
    if (judged === undefined) continue;
    if (isLeftOut(judged)) leftOut.set(judged.path, judged);
    else chosen.push(judged);
  }
  return { chosen, leftOut: [...leftOut.values()] };
}

function isLeftOut(judged: ChosenSource | LeftOut): judged is LeftOut {
  return 'reason' in judged;
}

const SECRETS = [
  '.env',
  '.env.*',
  '*.pem',
  '*.key',
  '*.p12',
  '*.pfx',
  '*.ppk',
  '*.jks',
  '*.keystore',
  '*.kdbx',
  'id_rsa*',
  'id_dsa*',
  'id_ecdsa*',
  'id_ed25519*',
  '.npmrc',
  '.netrc',
  '.pgpass',
  '.pypirc',
  '.htpasswd',
  '.git-credentials',
  '**/.aws/credentials',
  '**/.docker/config.json',
];

/**
 * Decides by names alone: what is ignored, and what looks like a secret.
 * @param patterns in the syntax of .gitignore; `!name` takes in what looks like a secret.
 */
export function judgeNames(patterns: readonly string[]): (path: string) => LeftOut | undefined {
  const rules = ignore({ ignorecase: false }).add(patterns);
  const secrets = ignore().add(SECRETS);
  return (path) => {
    const { ignored, unignored } = rules.test(path);
    if (ignored) return { path: ignoredPart(rules, path), reason: 'ignored by the project file' };
    if (!unignored && secrets.ignores(path)) return { path, reason: 'looks like a secret' };
    return undefined;
  };
}

/** The outermost directory with nothing but ignored files in it, or the file itself. */
function ignoredPart(rules: ReturnType<typeof ignore>, path: string): string {
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
    const folder = path.slice(0, at + 1);
    if (rules.ignores(folder)) return folder;
  }
  return path;
}

function judgeFile(
  dir: string,
  path: string,
  maxFileSize: number,
): ChosenSource | LeftOut | undefined {
  let stats: Stats | undefined;
  try {
    stats = lstatSync(join(dir, path), { throwIfNoEntry: false });
    if (stats?.isSymbolicLink() === true) return judgeLink(dir, path);
  } catch (error) {
    return { path, reason: `cannot be read: ${messageOf(error)}` };
  }
  if (stats === undefined) return undefined;
  // Git shows a repository inside of another one as a single entry.
  if (stats.isDirectory()) {
    return { path: path.replace(/\/?$/, '/'), reason: 'another git repository' };
  }
  if (!stats.isFile()) return { path, reason: 'not a regular file' };
  if (stats.size > maxFileSize) {
    return { path, reason: `larger than ${maxFileSize} bytes`, bytes: stats.size };
  }
  return { path };
}

function judgeLink(dir: string, path: string): ChosenSource | LeftOut {
  const link = readlinkSync(join(dir, path));
  const folder = join(dir, dirname(path));
  const target = realTarget(join(dir, path));
  const staysInside =
    !isAbsolute(link) &&
    isInside(resolve(folder, link), dir) &&
    (target === undefined || isInside(target, realpathSync(dir)));
  return staysInside ? { path, link } : { path, reason: `a link out of the project, to ${link}` };
}

function isInside(target: string, root: string): boolean {
  const way = relative(root, target);
  return way.split(sep)[0] !== '..' && !isAbsolute(way);
}

/** Where a link leads in the end; `undefined` if there is nothing. */
function realTarget(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    // a link to nothing leads nowhere else
    return undefined;
  }
}
