import type { Entry } from './member-names.ts'

export interface ArchiveFile {
  path: string
  /** Of the delivered file, for problems. */
  name: string
}

export interface MemberReading {
  wanted: ReadonlySet<string>
  /** Is given each wanted member in turn, in the order of the archive; its bytes are there until the promise ends. False: no more. */
  take(name: string, bytes: AsyncIterable<Buffer>): Promise<boolean>
}

/** An archive of members. Names are those of `list`. */
export interface ArchiveReader {
  list(archive: ArchiveFile, signal: AbortSignal): Promise<Entry[]>
  read(archive: ArchiveFile, reading: MemberReading, signal: AbortSignal): Promise<void>
}
