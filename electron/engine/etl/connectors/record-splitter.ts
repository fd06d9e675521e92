import type { RecordSink } from './record-stager.ts'

/** Longest record that is taken, in bytes. */
export const MAX_RECORD_BYTES = 64 * 1024 * 1024

/** Cuts the bytes of one delivered file into records and hands them to its sink. */
export interface RecordSplitter {
  write(chunk: Buffer): void
  /** The file ends here. */
  end(): void
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
}

/** How files of a format become records. */
export interface RecordFormat {
  splitter(options: SplitterOptions): RecordSplitter
  /** What invalid JSON in a record means: a rejected record where records are lines, a broken document otherwise. */
  onMalformed: 'reject' | 'stop'
  /** Rejected records are staged as JSON texts, which keeps their line breaks. */
  areRejectsQuoted?: boolean
}
