import { describe, expect, it } from 'vitest';
import { renderTemplate } from './render-template.js';

describe('renderTemplate', () => {
  it('fills in values, whatever they hold, and leaves the rest alone', () => {
    expect(renderTemplate('a <%= x %> ${y} $& <%= x %>', { x: '$1 <%= x %>' }, 'f')).toBe(
      'a $1 <%= x %> ${y} $& $1 <%= x %>',
    );
  });

  it('refuses a value that there is none of, and names the file', () => {
    expect(() => renderTemplate('<%= z %>', { x: '1' }, 'f.md')).toThrow(/f\.md asks for "z", known are x/);
  });
});
