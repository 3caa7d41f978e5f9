import { spawnSync } from 'node:child_process';

/** What a call of git is given besides its arguments. */
export interface GitOptions {
  readonly input?: string | Uint8Array;
  /** Used in place of the user's index. */
  readonly index?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** In milliseconds. Default two minutes. */
  readonly timeout?: number;
}

/** A call of git that has failed. */
export class GitError extends Error {
  readonly stderr: string;
  /** There is no git to call. */
  readonly isMissing: boolean;

  constructor(args: readonly string[], stderr: string, isMissing: boolean) {
    super(`git ${args[0]}: ${firstLine(stderr) || 'it failed'}`);
    this.stderr = stderr;
    this.isMissing = isMissing;
  }
}

/**
 * Calls git in a directory such that it does what it is told and nothing else: no hooks, no signatures,
 * no locks that it could do without, no terminal, and nothing of what the environment says of
 * another repository.
 * @throws {GitError}
 */
export function git(dir: string, args: readonly string[], options: GitOptions = {}): Buffer {
  const { input = '', index, env, timeout = 120_000 } = options;
  const all = [...SETTINGS.flatMap((setting) => ['-c', setting]), ...args];
  const { error, status, signal, stdout, stderr } = spawnSync('git', all, {
    cwd: dir,
    env: {
      ...outerEnvironment(),
      ...OURS,
      ...(index !== undefined && { GIT_INDEX_FILE: index }),
      ...env,
    },
    input,
    timeout,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 30,
  });
  if (error !== undefined && (error as NodeJS.ErrnoException).code === 'ETIMEDOUT') {
    throw new GitError(args, `it took longer than ${timeout / 1000} s`, false);
  }
  if (error !== undefined && status === null) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new GitError(args, error.message, isMissing);
  }
  if (status === 0) return stdout;
  const said = stderr.toString().trim();
  throw new GitError(args, said || (signal === null ? `exit code ${status}` : signal), false);
}

/** As {@link git}, the answer as text without the last line break. */
export function gitText(dir: string, args: readonly string[], options?: GitOptions): string {
  return git(dir, args, options).toString().replace(/\n$/, '');
}

/** As {@link gitText}; `undefined` where git fails. */
export function tryGitText(
  dir: string,
  args: readonly string[],
  options?: GitOptions,
): string | undefined {
  try {
    return gitText(dir, args, options);
  } catch {
    return undefined;
  }
}

const SETTINGS: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.splitIndex=false',
  'core.logAllRefUpdates=false',
  // Many runs may start at once, and wait for each other: a tenth of a second is not enough.
  'core.filesRefLockTimeout=10000',
  'core.packedRefsTimeout=10000',
  'reftable.lockTimeout=10000',
  // Line endings that cannot be restored are no reason to have no snapshot.
  'core.safecrlf=false',
  'commit.gpgSign=false',
  'tag.gpgSign=false',
  'push.gpgSign=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'protocol.file.allow=always',
];

const OURS = {
  LC_ALL: 'C',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_EDITOR: ':',
  // No user.name is needed: what we write is ours.
  GIT_AUTHOR_NAME: 'exptools',
  GIT_AUTHOR_EMAIL: 'exptools@localhost',
  GIT_COMMITTER_NAME: 'exptools',
  GIT_COMMITTER_EMAIL: 'exptools@localhost',
};

/** How git reaches others, and which settings it has, is the user's business. */
const KEPT = /^GIT_(SSH|SSL|HTTP|PROXY|ASKPASS|EXEC_PATH|CEILING|DISCOVERY|CONFIG_(?!PARAMETERS))/;

function outerEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_') || KEPT.test(name)),
  );
}

/** What git said first, without the word that it begins errors with. */
function firstLine(text: string): string {
  return text.split('\n', 1)[0]!.replace(/^(fatal|error): /, '');
}
