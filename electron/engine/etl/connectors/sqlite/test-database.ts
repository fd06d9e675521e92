import Database from 'better-sqlite3'

/** An SQLite database for tests. @returns the file */
export function makeDatabase(sql: string): Buffer {
  const database = new Database(':memory:')
  try {
    database.exec(sql)
    return database.serialize()
  } finally {
    database.close()
  }
}
