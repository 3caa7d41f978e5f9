import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Redrawn } from '../../src/cli/redrawn.ts';
import { Screen } from '../helpers/screen.ts';

describe('Redrawn', () => {
  test('replaces what it has drawn, and keeps what is said above it', () => {
    const screen = new Screen(20);
    const view = new Redrawn(screen);
    screen.write('$ run\n');
    view.draw(['one', 'two', 'three']);
    view.above('a run failed\n');
    view.draw(['four']);

    expect(screen.lines).toEqual(['$ run', 'a run failed', 'four', '']);

    view.clear();
    expect(screen.lines).toEqual(['$ run', 'a run failed', '']);
  });

  test('leaves nothing behind when the terminal becomes narrower', () => {
    const screen = new Screen(40);
    const view = new Redrawn(screen);
    screen.write('$ run\n');
    view.draw(['x'.repeat(38), 'y'.repeat(12), 'z'.repeat(40)]);
    screen.resize(13);
    view.draw(['short', 'lines']);

    expect(screen.lines).toEqual(['$ run', 'short', 'lines', '']);
  });

  test('leaves nothing behind when it learns late that the terminal is narrower', () => {
    const screen = new Screen(40);
    const told = { columns: 40, write: (text: string) => screen.write(text) };
    const view = new Redrawn(told);
    screen.write('$ run\n');
    view.draw(['x'.repeat(38), 'y'.repeat(12)]);
    screen.resize(13);
    view.draw(['X'.repeat(38), 'Y'.repeat(12)]);
    told.columns = 13;
    view.draw(['short', 'lines']);

    expect(screen.lines).toEqual(['$ run', 'short', 'lines', '']);
  });

  test('writes nothing when nothing has changed', () => {
    let written = 0;
    const view = new Redrawn({ columns: 40, write: () => written++ });
    view.draw(['one', 'two']);
    view.draw(['one', 'two']);

    expect(written).toBe(1);
  });

  test('always shows what was said and what was drawn last', () => {
    const width = fc.integer({ min: 5, max: 60 });
    const lines = fc.array(fc.nat({ max: 60 }), { maxLength: 8 });
    const action = fc.oneof(
      fc.record({ draw: lines }),
      fc.record({ say: fc.nat({ max: 5 }) }),
      fc.record({ resize: width }),
    );
    fc.assert(
      fc.property(width, fc.array(action, { maxLength: 20 }), (columns, actions) => {
        const screen = new Screen(columns);
        const view = new Redrawn(screen);
        const said: string[] = [];
        let drawn: string[] = [];
        for (const action of actions) {
          if ('resize' in action) screen.resize(action.resize);
          else if ('say' in action) {
            // A view of the right width has been drawn before anything is said.
            drawn = drawn.map((line) => line.slice(0, screen.columns));
            view.draw(drawn);
            said.push('s'.repeat(action.say));
            view.above(`${said.at(-1)}\n`);
          } else {
            drawn = action.draw.map((size) => 'd'.repeat(Math.min(size, screen.columns)));
            view.draw(drawn);
          }
        }
        drawn = drawn.map((line) => line.slice(0, screen.columns));
        view.draw(drawn);

        expect(screen.lines).toEqual([...said, ...drawn, '']);
      }),
    );
  });
});
