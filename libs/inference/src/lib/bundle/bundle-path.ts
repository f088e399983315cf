/** Written by the packer, never listed in `files`. */
export const manifestFile = 'bundle.json';
export const signatureFile = 'bundle.sig.json';

const segment = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

/**
 * Why a path may not stand in a manifest, or null. Only relative POSIX paths of plain segments are allowed: no empty,
 * dot or dot-dot segment, no drive, backslash or absolute path, so that no entry can point outside of its bundle.
 */
export function bundlePathProblem(path: string): string | null {
  if (path.length === 0 || path.length > 200) return `path "${path.slice(0, 40)}" must have 1 to 200 characters`;
  if (path === manifestFile || path === signatureFile) return `path "${path}" is reserved`;
  const bad = path.split('/').find((part) => !segment.test(part) || part.endsWith('.'));
  return bad === undefined
    ? null
    : `path "${path}" leaves the bundle or holds characters other than A-Z a-z 0-9 . _ - /`;
}
