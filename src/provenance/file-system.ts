import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/** A file system, and what is left of it. */
export interface FileSystem {
  /** As `mount` calls it; `undefined` for one that is not known here. */
  readonly name: string | undefined;
  /** True where other hosts may write, too. */
  readonly isShared: boolean;
  readonly freeBytes: number;
}

// Magic numbers from the kernel's headers and those of the file systems.
const NAMES: Readonly<Record<number, string>> = {
  0xef53: 'ext4',
  0x58465342: 'xfs',
  0x9123683e: 'btrfs',
  0x2fc12fc1: 'zfs',
  0x01021994: 'tmpfs',
  0x794c7630: 'overlay',
  0x65735546: 'fuse',
};
const SHARED: Readonly<Record<number, string>> = {
  0x6969: 'nfs',
  0xff534d42: 'cifs',
  0xfe534d42: 'smb',
  0x0bd00bd0: 'lustre',
  0x47504653: 'gpfs',
  0x19830326: 'beegfs',
  0x00c36400: 'ceph',
  0x5346414f: 'afs',
};

/** The file system of a path, which need not be there yet. */
export function fileSystemOf(path: string): FileSystem {
  let there = path;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  const { type, bavail, bsize } = statfsSync(there);
  const magic = type >>> 0;
  return {
    name: SHARED[magic] ?? NAMES[magic],
    isShared: SHARED[magic] !== undefined,
    freeBytes: bavail * bsize,
  };
}
