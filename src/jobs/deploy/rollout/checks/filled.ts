/** A text of rota.yaml with the host and the version in their places. */
export function filled(text: string, about: { readonly host: string; readonly version: string }): string {
  return text.replaceAll('{host}', about.host).replaceAll('{version}', about.version);
}
