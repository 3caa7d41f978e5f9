import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeSnapshot } from '../dist/src/snapshots/snapshot.js';

/** A repository of many files, of which some have changed. */
export class ManyFiles {
  readonly dir = mkdtempSync(join(tmpdir(), 'exptools-bench-'));
  #round = 0;

  /** @param files in folders of a hundred each, with a kilobyte in each. */
  constructor(files: number) {
    for (let i = 0; i < files; i++) {
      const folder = join(this.dir, `folder-${Math.floor(i / 100)}`);
      if (i % 100 === 0) mkdirSync(folder);
      writeFileSync(join(folder, `file-${i}.ts`), `// ${i}\n${'x'.repeat(1000)}\n`);
    }
    this.git('init', '-q');
    this.git('add', '-A');
    this.git('commit', '-qm', 'all of it');
    this.git('gc', '-q');
    // Git reads files again that are as young as its index, which this is not about.
    utimesSync(join(this.dir, '.git/index'), new Date(), new Date(Date.now() + 2000));
  }

  /** Gives so many files a content that no commit has yet. */
  change(files: number): void {
    this.#round++;
    for (let i = 0; i < files; i++) {
      const file = join(this.dir, `folder-${i}`, `file-${i * 100}.ts`);
      writeFileSync(file, `// changed ${this.#round}\n`);
    }
  }

  git(...args: string[]): void {
    const who = ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', '-c', 'gc.auto=0'];
    execFileSync('git', [...who, ...args], { cwd: this.dir, stdio: 'ignore' });
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** What is done with a repository, by name. */
export const ways: Readonly<Record<string, (repository: ManyFiles) => void>> = {
  'git status': (repository) => repository.git('--no-optional-locks', 'status', '--porcelain=v2'),
  'git stash create': (repository) => repository.git('stash', 'create'),
  snapshot: ({ dir }) => {
    const rules = { ignore: [], maxFileSize: 1_000_000, except: [join(dir, 'runs')], project: dir };
    const state = takeSnapshot(dir, rules);
    if (state?.snapshot === undefined) throw new Error(`No snapshot: ${state?.error}`);
  },
};

/** What one of them takes. */
export interface Cost {
  readonly ms: number;
  /** Of the processor, in git and here; to the nearest tick, that is 10 ms. */
  readonly cpuMs: number;
}

/** What one of them takes after so many files have changed. */
export function measureWay(repository: ManyFiles, name: string, changed: number): Promise<Cost> {
  repository.change(changed);
  const before = cpuMs();
  const startedAt = performance.now();
  ways[name]!(repository);
  return Promise.resolve({ ms: performance.now() - startedAt, cpuMs: cpuMs() - before });
}

/** Processor time of this process and its children so far. */
function cpuMs(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * 10, 0);
}
