/** Builds the address of a page from its path inside the dashboard. */
export type Url = (path: string, query?: Readonly<Record<string, string | undefined>>) => string;

export function urlUnder(mountPath: string): Url {
  // One slash: `//host/path` would lead to another host.
  const base = mountPath.replace(/^[/\\]+/, '/');
  return (path, query = {}) => {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.append(name, value);
    return search.size === 0 ? `${base}${path}` : `${base}${path}?${search.toString()}`;
  };
}
