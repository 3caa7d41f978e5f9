/** A file of the user's project in a backup; paths are relative to the project, with slashes. */
export type SourceFile =
  | {
      readonly path: string;
      readonly sha256: string;
      readonly bytes: number;
      readonly executable?: true;
    }
  | {
      readonly path: string;
      /** What the symbolic link refers to, relative to its own directory. */
      readonly link: string;
    };

/** A file, or a directory with all that is in it, that a backup does not hold. */
export interface LeftOut {
  /** Ends with a slash for a directory. */
  readonly path: string;
  readonly reason: string;
  readonly bytes?: number;
}

/** What `sources.json` holds. */
export interface SourceListing {
  readonly format: 1;
  readonly files: readonly SourceFile[];
  readonly leftOut: readonly LeftOut[];
}

/** The backup of the sources a run was planned with, or why there is none. */
export type SourcesState =
  | {
      /** SHA-256 of the listing: the source store holds it like any other content. */
      readonly listing: string;
      readonly files: number;
      readonly bytes: number;
      readonly leftOut: number;
    }
  | { readonly error: string };

/** SHA-256 of every local file that the code of an experiment consists of, by absolute path. */
export type CodeFiles = Readonly<Record<string, string>>;
