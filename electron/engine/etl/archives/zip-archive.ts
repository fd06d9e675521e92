import { openPromise, type Entry as ZipEntry, type ZipFile } from 'yauzl'
import { truncated, unreadable } from '../source-problem.ts'
import type { ArchiveReader } from './archive-reader.ts'
import type { Entry } from './member-names.ts'

const LINK_MODE = 0xa000
const TYPE_BITS = 0xf000

/** ZIP, by its list of members at the end; each member can be read by itself. */
export const zipReader: ArchiveReader = {
  list: (archive, signal) => withZip(archive, async (zip) => {
    const entries: Entry[] = []
    for await (const entry of zip.eachEntry()) {
      signal.throwIfAborted()
      entries.push(toEntry(entry))
    }
    return entries
  }),
  read: (archive, { wanted, take }, signal) => withZip(archive, async (zip) => {
    for await (const entry of zip.eachEntry()) {
      signal.throwIfAborted()
      const { name } = toEntry(entry)
      if (!wanted.has(name)) continue
      if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
        throw unreadable(`${name} is packed by method ${entry.compressionMethod}, which is not read`, { file: archive.name, hint: 'Pack it with deflate, which every tool does by default' })
      }
      const stream = await zip.openReadStreamPromise(entry)
      try {
        if (!(await take(name, stream))) return
      } finally {
        stream.destroy()
      }
    }
  }),
}

function toEntry(entry: ZipEntry): Entry {
  const mode = (entry.externalFileAttributes >>> 16) & TYPE_BITS
  const isFolder = entry.fileName.endsWith('/')
  return {
    name: entry.fileName.replace(/^(\.\/)+/, ''),
    sizeBytes: entry.uncompressedSize,
    type: mode === LINK_MODE ? 'link' : isFolder ? 'folder' : 'file',
    isEncrypted: entry.isEncrypted(),
  }
}

async function withZip<T>({ path, name }: { path: string; name: string }, work: (zip: ZipFile) => Promise<T>): Promise<T> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false }).catch((error: unknown) => {
    throw zipProblem(error, name)
  })
  try {
    return await work(zip)
  } catch (error) {
    throw zipProblem(error, name)
  } finally {
    zip.close()
  }
}

/** What yauzl and zlib say, as a problem of the delivered file; anything else is passed on. */
function zipProblem(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || error.name === 'ProblemError' || error.name === 'AbortError') return error
  const { message } = error
  if (/end of central directory|not enough bytes|unexpected EOF|unexpected end/i.test(message)) return truncated(`the zip archive ends early (${message})`, { file, cause: error })
  if (/absolute path|invalid relative path|invalid characters in fileName/i.test(message)) {
    return unreadable(`the archive holds a member that leads out of it (${message})`, { file, cause: error, hint: 'Deliver the files unpacked, or in an archive of plain files' })
  }
  if ('syscall' in error) return error
  return unreadable(`not a readable zip archive (${message})`, { file, cause: error, hint: 'Deliver the file again, or rename it when it is no zip archive' })
}
