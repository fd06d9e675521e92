import { copyFile, open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { truncated, unreadable } from '../../source-problem.ts'

const MAGIC = 'SQLite format 3\0'
const HEADER_BYTES = 100
const WAL_VERSION = 2
const MAX_PAGE_BYTES = 65_536

interface Opening {
  /** A place where it can be read at any position. */
  path: string
  /** Where the file was delivered; other files of the database lie beside it. */
  origin: string
  /** Name of the delivered file. */
  file: string
  scratchDir: string
}

/**
 * Opens a delivered SQLite database to read only. Nothing is written beside the delivered file: one in WAL mode, which even readers write
 * to, is read from a copy.
 * @throws SOURCE_UNREADABLE for what is no database, a cut one, or one whose last changes lie in another file
 */
export async function openDelivered({ path, origin, file, scratchDir }: Opening): Promise<Database.Database> {
  const { isWal } = await readHeader(path, file)
  await refuseCompanion(`${origin}-wal`, file)
  await refuseCompanion(`${origin}-journal`, file)
  const readable = isWal ? join(scratchDir, `database-${file}`) : path
  if (isWal && readable !== path) await copyFile(path, readable)
  try {
    return new Database(readable, { readonly: true, fileMustExist: true })
  } catch (error) {
    throw sqliteProblem(error, file)
  }
}

/** https://www.sqlite.org/fileformat2.html, 1.3. */
async function readHeader(path: string, file: string): Promise<{ isWal: boolean }> {
  await using handle = await open(path, 'r')
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0)
  if (bytesRead === 0) throw truncated('the file is empty', { file })
  const magic = buffer.toString('latin1', 0, Math.min(bytesRead, MAGIC.length))
  if (!MAGIC.startsWith(magic)) throw unreadable('this is no SQLite database', { file, hint: 'It may be encrypted, or another kind of file with that name' })
  if (bytesRead < HEADER_BYTES) throw truncated('the database ends in its header', { file })
  const written = buffer.readUInt16BE(16)
  const pageBytes = written === 1 ? MAX_PAGE_BYTES : written
  const pages = buffer.readUInt32BE(28)
  // Writers from before 2010 left the number of pages as it was; then the two counters differ.
  const isCounted = buffer.readUInt32BE(24) === buffer.readUInt32BE(92) && pages > 0
  const { size } = await handle.stat()
  if (isCounted && size < pages * pageBytes) throw truncated(`the database has ${pages} pages of ${pageBytes} bytes, the file ${size} bytes`, { file })
  return { isWal: buffer[19] === WAL_VERSION || buffer[18] === WAL_VERSION }
}

async function refuseCompanion(path: string, file: string): Promise<void> {
  const size = await stat(path).then((stats) => stats.size, (error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0
    throw error
  })
  if (size === 0) return
  throw unreadable(`changes to this database lie in ${file}${path.slice(path.lastIndexOf('-'))} beside it, so the file alone is not all of it`, {
    file,
    hint: 'Close the program that writes to it, or make a whole copy with "VACUUM INTO", and deliver that',
  })
}

export function sqliteProblem(error: unknown, file: string): Error {
  if (!(error instanceof Database.SqliteError)) return error instanceof Error ? error : new Error(String(error))
  if (error.code === 'SQLITE_NOTADB') return unreadable('this is no SQLite database', { file, cause: error, hint: 'It may be encrypted, or another kind of file with that name' })
  if (error.code.startsWith('SQLITE_CORRUPT')) return unreadable(`the database is damaged (${error.message})`, { file, cause: error, hint: 'Deliver it again, whole' })
  return unreadable(`SQLite cannot read it: ${error.message}`, { file, cause: error, hint: "Check the source's table or query" })
}
