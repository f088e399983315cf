/** A text without the logins and query values of the addresses in it, for logs and errors. Takes too much rather than too little. */
export function redactUrls(text: string): string {
  return text.replace(/(:\/\/)\S*@/g, '$1***@').replace(/([?&][^\s=&]+)=[^\s&]+/g, '$1=***');
}
