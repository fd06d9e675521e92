import type { RecordSink } from './record-stager.ts'

/** Longest record that is taken, in bytes. */
export const MAX_RECORD_BYTES = 64 * 1024 * 1024

/** Cuts the bytes of one delivered file into records and hands them to its sink. */
export interface RecordSplitter {
  write(chunk: Buffer): void
  /** The file ends here. */
  end(): void
}

/** What the records are like, told by a splitter that sees it anyway. */
export interface RecordShapes {
  /** A key of a record, in the order of records and keys. @param seen bits of SEEN: what its value is */
  note(key: string, seen: number): void
  /** A record that is none. */
  noteBad(): void
}

export interface SplitterOptions {
  /** Name of the delivered file, for problems. */
  file: string
  /** What the text was in before it became UTF-8, for reasons. */
  encoding: string
  sink: RecordSink
  /** As the source declares it. */
  record: string | null
  lists: readonly string[]
  /** Null: nobody wants to know. */
  shapes?: RecordShapes | null
}

/** How files of a format become records. */
export interface RecordFormat {
  splitter(options: SplitterOptions): RecordSplitter
  /** What invalid JSON in a record means: a rejected record where records are lines, a broken document otherwise. */
  onMalformed: 'reject' | 'stop'
  /** The splitter tells what the records are like. */
  tellsShapes?: boolean
  /** Rejected records are staged as JSON texts, which keeps their line breaks. */
  areRejectsQuoted?: boolean
}
