import { describe, expect } from 'vitest';
import { memoryKills } from '../../src/launch/memory-kills.ts';
import { writeFiles } from '../helpers/machines.ts';
import { test } from '../helpers/temp-dir.ts';

const EVENTS = 'low 0\nhigh 0\nmax 812\noom 9\noom_kill 7\noom_group_kill 2\n';
const CONTROL = 'oom_kill_disable 0\nunder_oom 0\noom_kill 5\n';
const VMSTAT = 'pgfault 912\noom_kill 3\nnr_unstable 0\n';
const V1 = '4:memory:/docker/ab12\n3:cpuset:/docker/ab12\n0::/\n';

describe('memoryKills', () => {
  test.for([
    {
      where: 'version 2',
      files: {
        'proc/self/cgroup': '0::/user.slice/session-2.scope\n',
        'sys/fs/cgroup/user.slice/session-2.scope/memory.events': EVENTS,
      },
      count: 7,
    },
    {
      where: 'version 2, seen from inside',
      files: { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/memory.events': EVENTS },
      count: 7,
    },
    {
      where: 'version 1',
      files: {
        'proc/self/cgroup': V1,
        'sys/fs/cgroup/memory/docker/ab12/memory.oom_control': CONTROL,
        'sys/fs/cgroup/memory/memory.oom_control': 'oom_kill 99\n',
      },
      count: 5,
    },
    {
      where: 'version 1, seen from inside',
      files: { 'proc/self/cgroup': V1, 'sys/fs/cgroup/memory/memory.oom_control': CONTROL },
      count: 5,
    },
    {
      where: 'no control group for memory',
      files: { 'proc/self/cgroup': '0::/\n', 'proc/vmstat': VMSTAT },
      count: 3,
    },
    { where: 'a kernel that does not count', files: { 'proc/vmstat': 'pgfault 1\n' } },
    { where: 'another platform', files: {} },
  ])('reads the count of $where', ({ files, count }, { dir }) => {
    expect(memoryKills(writeFiles(dir, files))).toBe(count);
  });
});
