/** A path as DuckDB's readers need it: every path they get is a glob, and a folder may be called `data [2024]`. */
export function globLiteral(path: string): string {
  return path.replace(/[[*?]/g, '[$&]')
}
