import { fromBytes, type BytePath } from './byte-path.ts';

/** A path whose content differs between HEAD, index and working tree. */
export interface Change {
  readonly path: BytePath;
  readonly kind: 'tracked' | 'conflict' | 'untracked';
  /** How the index differs from HEAD, `.` for not at all. */
  readonly staged: string;
  /** How the working tree differs from the index. */
  readonly unstaged: string;
  readonly isSubmodule: boolean;
  /** The version of HEAD; a mode of zeros where it has none. */
  readonly head: { readonly mode: string; readonly id: string };
}

/** Where HEAD is, and all that differs from it. */
export interface WorkingTree {
  /** Absent before the first commit. */
  readonly commit?: string;
  /** Absent when HEAD is detached. */
  readonly branch?: string;
  readonly changes: readonly Change[];
}

/** The arguments of git for what {@link parseStatus} reads. */
export const STATUS: readonly string[] = [
  'status',
  '--porcelain=v2',
  '-z',
  '--branch',
  '--no-ahead-behind',
  '--no-renames',
  '--untracked-files=all',
  '--ignore-submodules=none',
];

const NONE = { mode: '000000', id: '' };

/** Reads what `git status` says in its second format for programs, ended by zeros. */
export function parseStatus(output: Buffer): WorkingTree {
  const lines = fromBytes(output).split('\0');
  const commit = header(lines, '# branch.oid ');
  const branch = header(lines, '# branch.head ');
  return {
    ...(commit !== undefined && !commit.startsWith('(') && { commit }),
    ...(branch !== undefined && branch !== '(detached)' && { branch }),
    changes: lines.flatMap(changeOf),
  };
}

function header(lines: readonly string[], start: string): string | undefined {
  const line = lines.find((one) => one.startsWith(start))?.slice(start.length);
  return line === undefined ? undefined : Buffer.from(line, 'latin1').toString();
}

function changeOf(line: string): Change[] {
  const kind = line[0];
  if (kind === '?') {
    const common = { kind: 'untracked', staged: '.', unstaged: '?', isSubmodule: false } as const;
    return [{ path: line.slice(2), ...common, head: NONE }];
  }
  if (kind !== '1' && kind !== 'u') return [];
  const words = line.split(' ');
  const [, states = '..', submodule = 'N...'] = words;
  const isConflict = kind === 'u';
  // In a conflict HEAD is the second of three sides.
  const [mode = '', id = ''] = isConflict ? [words[4], words[8]] : [words[3], words[6]];
  return [
    {
      path: words.slice(isConflict ? 10 : 8).join(' '),
      kind: isConflict ? 'conflict' : 'tracked',
      staged: states[0]!,
      // The letters of a conflict are about its sides; what lies in the tree has a mode.
      unstaged: isConflict ? (words[6] === NONE.mode ? 'D' : 'M') : states[1]!,
      isSubmodule: submodule.startsWith('S'),
      head: { mode, id },
    },
  ];
}
