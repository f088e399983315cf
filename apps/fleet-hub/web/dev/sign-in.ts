/** Signs in over HTTP: the fixture server holds one session for everybody who asks. */
export async function signIn(url: string, user: string): Promise<void> {
  await fetch(`${url}/api/sign-in`, { method: 'POST', body: JSON.stringify({ user, password: 'fixture' }) });
}
