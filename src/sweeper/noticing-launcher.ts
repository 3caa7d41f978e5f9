import type { Launcher, LaunchOptions, Outcome, Slot } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { CodeFiles } from '../core/sources.ts';
import { CodeWatch } from './code-watch.ts';

/**
 * Starts runs by another launcher, and looks before each whether the code is still as it was when the
 * sweep was planned. A run that gets other code knows from which files.
 */
export class NoticingLauncher implements Launcher {
  readonly name: string;
  readonly #inner: Launcher;
  readonly #watch: CodeWatch;
  readonly #onChange: (files: readonly string[]) => void;
  readonly #said = new Set<string>();

  /** @param onChange told of every file once, with its absolute path, when a run starts with it. */
  constructor(inner: Launcher, planned: CodeFiles, onChange: (files: readonly string[]) => void) {
    this.name = inner.name;
    this.#inner = inner;
    this.#watch = new CodeWatch(planned);
    this.#onChange = onChange;
  }

  run(spec: RunSpec, slot: Slot, options: LaunchOptions): Promise<Outcome> {
    const codeChanged = this.#watch.changed();
    const news = codeChanged.filter((path) => !this.#said.has(path));
    for (const path of news) this.#said.add(path);
    if (news.length > 0) this.#onChange(news);
    if (codeChanged.length === 0 || spec.sweep === undefined) {
      return this.#inner.run(spec, slot, options);
    }
    const told = { ...spec, sweep: { ...spec.sweep, codeChanged } };
    return this.#inner.run(told, slot, options);
  }
}
