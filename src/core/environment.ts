/** A file of the project, as it was when the run started. */
export interface HashedFile {
  /** Absolute. */
  readonly path: string;
  readonly sha256: string;
}

/** A GPU as the kernel's drivers name it. */
export interface DriverGpu {
  readonly name: string;
  readonly uuid?: string;
}

/** A command line; what looks like a secret is `[redacted]`. */
export interface CommandLine {
  readonly argv: readonly string[];
  readonly cwd: string;
}

/** What `environment.json` holds: what one attempt of a run worked in and with. */
export interface EnvironmentRecord {
  readonly format: 1;
  /** Counted from 1. */
  readonly attempt: number;
  readonly commandLine: CommandLine;
  /** Version and flags of Node itself. */
  readonly node: {
    readonly version: string;
    readonly flags: readonly string[];
    readonly executable: string;
  };
  readonly os: {
    readonly platform: string;
    readonly arch: string;
    readonly release: string;
    /** Of Linux: `Debian GNU/Linux 12 (bookworm)`. */
    readonly distribution?: string;
  };
  readonly cpu: { readonly model: string; readonly count: number };
  readonly memoryBytes: number;
  readonly gpus?: {
    /** Versions by vendor. */
    readonly drivers: Readonly<Record<string, string>>;
    readonly devices: readonly DriverGpu[];
  };
  /** Environment variables that change results, by an allow-list; secrets are `[redacted]`. */
  readonly variables: Readonly<Record<string, string>>;
  readonly packageJson?: HashedFile;
  readonly lockfile?: HashedFile;
  /** The packages that code was loaded from, with their versions, by name; several where several were. */
  readonly packages?: Readonly<Record<string, string | readonly string[]>>;
}

/** What an attempt has used of the machine. */
export interface ResourceUse {
  readonly userSeconds: number;
  readonly systemSeconds: number;
  readonly wallSeconds: number;
  /** The most memory its process has had at once. */
  readonly maxRssBytes: number;
}

/** Warnings of Node, of the code and of exptools itself, during one attempt. */
export interface Warnings {
  readonly count: number;
  /** The first of them. */
  readonly first: readonly string[];
}
