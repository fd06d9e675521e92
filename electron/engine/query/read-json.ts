import type { Duck } from './duckdb.ts'

/** Rows of a SELECT whose column `r` is text. */
export async function readJson(duck: Duck, sql: string, signal: AbortSignal): Promise<string[]> {
  return (await duck.rows(sql, signal)).map((row) => String(row['r']))
}
