/** `//user:password@`, up to the last @ of the word, since a password that was not encoded may hold one itself. */
const IN_AUTHORITY = /(:\/\/[^\s:@/]*:)\S+@/g;
const IN_QUERY = /([?&](?:password|sslpassword)=)[^&\s'"]*/gi;

/** The text without the passwords of the URLs in it. Everything that this command prints goes through here. */
export function redacted(text: string): string {
  return text.replaceAll(IN_AUTHORITY, '$1***@').replaceAll(IN_QUERY, '$1***');
}
