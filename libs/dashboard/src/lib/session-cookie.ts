/**
 * The session's cookie: never readable by scripts, never sent across sites. Under TLS it carries the `__Host-` prefix, with
 * which browsers refuse a cookie that another host or an unencrypted page set.
 * @see RFC 6265bis section 4.1.3.2
 */
export interface SessionCookie {
  tokenOf(header: string | undefined): string | undefined;
  set(token: string): string;
  clear(): string;
}

export function createSessionCookie(name: string, secure: boolean): SessionCookie {
  const full = secure ? `__Host-${name}` : name;
  const attributes = `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  return {
    tokenOf: (header) => {
      for (const part of (header ?? '').split(';')) {
        const [key, value] = part.trim().split('=', 2);
        if (key === full && value !== undefined && value !== '') return value;
      }
      return undefined;
    },
    set: (token) => `${full}=${token}; ${attributes}`,
    clear: () => `${full}=; ${attributes}; Max-Age=0`,
  };
}
