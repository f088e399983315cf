/** What is tried first by whoever guesses, apart from the user's own name. */
const known = ['password', 'passwort', 'changeme', 'letmein', 'qwertz', 'qwerty', '123456', 'admin', 'welcome', 'edge'];
const shortest = 10;
const longest = 128;

/**
 * Length counts, not kinds of letters.
 * @returns what is wrong with a new password, in words; empty when it may be used
 * @see NIST SP 800-63B section 5.1.1.2
 */
export function passwordProblems(password: string, name: string): readonly string[] {
  const lower = password.toLowerCase();
  const left = known.reduce((text, word) => text.replaceAll(word, ''), lower.replaceAll(name.toLowerCase(), ''));
  return [
    ...(password.length < shortest ? [`has ${password.length} characters, at least ${shortest} are needed`] : []),
    ...(password.length > longest ? [`has ${password.length} characters, at most ${longest} are taken`] : []),
    ...(new Set(lower).size < 5 ? ['has fewer than five different characters'] : []),
    ...(left.length < 5 ? ['is little more than the user name or a well-known password'] : []),
  ];
}
