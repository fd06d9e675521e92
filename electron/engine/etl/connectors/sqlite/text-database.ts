import Database from 'better-sqlite3'
import { quoteIdentifier } from '../../../../../shared/domain/naming.ts'

/** A database with one table of texts, for tests. */
export function textDatabase({ columns, rows }: { columns: readonly string[]; rows: readonly string[][] }): Uint8Array {
  const database = new Database(':memory:')
  database.exec(`CREATE TABLE things (${columns.map((name) => `${quoteIdentifier(name)} TEXT`).join(', ')})`)
  const insert = database.prepare(`INSERT INTO things VALUES (${columns.map(() => '?').join(', ')})`)
  for (const cells of rows) insert.run(...cells)
  const bytes = database.serialize()
  database.close()
  return bytes
}
