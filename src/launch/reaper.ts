import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';

/**
 * Notes process groups: those of its arguments, then one a line, `+ 123` and `- 123`. Its input ends
 * when the launcher does, in whatever way; then it ends the groups that are left. Those that notice by
 * themselves have a second to write down what they know; those that ignore SIGTERM are killed.
 */
const SCRIPT = `
groups="$*"
while read -r sign group; do
  case $sign in
    +) groups="$groups $group" ;;
    -) rest=
       for one in $groups; do [ "$one" = "$group" ] || rest="$rest $one"; done
       groups=$rest ;;
  esac
done
[ -n "$groups" ] || exit 0
sleep 1
left=
for one in $groups; do kill -s TERM -- "-$one" && left="$left $one"; done
[ -n "$left" ] || exit 0
sleep 1
for one in $left; do kill -s KILL -- "-$one"; done
`;

const MOST_STARTS = 10;

/** The groups to end should this process be killed, which nothing here could do any more. */
class Reaper {
  readonly #groups = new Set<number>();
  #process: ChildProcess | undefined;
  #starts = 0;

  watch(group: number): void {
    this.#groups.add(group);
    if (this.#process === undefined) this.#start();
    else this.#tell(`+ ${group}\n`);
  }

  forget(group: number): void {
    if (this.#groups.delete(group)) this.#tell(`- ${group}\n`);
  }

  #start(): void {
    // Without a shell, or with one that does not stay: runs still notice by themselves.
    if (this.#starts++ >= MOST_STARTS) return;
    // In a session of its own no Ctrl-C reaches it, and it keeps no terminal open.
    let child;
    try {
      // It knows these from its first moment on, though we should be killed in the next.
      const args = ['-c', SCRIPT, 'sh', ...[...this.#groups].map(String)];
      child = spawn('sh', args, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    } catch {
      return; // no room for a process: the run that needs one more says so
    }
    this.#process = child;
    child.once('error', () => (this.#process = undefined));
    child.once('exit', () => {
      this.#process = undefined;
      if (this.#groups.size > 0) this.#start();
    });
    child.stdin.on('error', () => {}); // its exit says the same
    child.unref();
    if (child.stdin instanceof Socket) child.stdin.unref();
  }

  #tell(lines: string): void {
    if (this.#process?.stdin?.writable === true) this.#process.stdin.write(lines);
  }
}

const reaper = new Reaper();

/** Has a process group ended, should this process die before it is forgotten. */
export function watchGroup(group: number): void {
  if (process.platform !== 'win32') reaper.watch(group);
}

/** Says that a process group is gone. */
export function forgetGroup(group: number): void {
  reaper.forget(group);
}
