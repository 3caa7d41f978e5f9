/** Saves values as files of one kind. */
export interface Saver {
  /** The extension of its files, or several: `.npz`. The first one is given to names without any. */
  readonly extension: string | readonly string[];
  /** True for values that it saves where the name has no extension. */
  readonly matches?: (value: unknown) => boolean;
  /** Writes the value to a new file; the path ends like the name that was asked for. */
  readonly save: (value: unknown, path: string) => void | Promise<void>;
}
