import type { Launcher } from '../core/launcher.ts';
import type { Session } from '../launch/session.ts';

/** The process that planned the run executes its first attempt; later ones get one of their own. */
export function firstBy(session: Session, again: Launcher): Launcher['run'] {
  let first: Session | undefined = session;
  return (spec, slot, options) => {
    const runner = first;
    first = undefined;
    return runner?.execute(spec, slot, options) ?? again.run(spec, slot, options);
  };
}
