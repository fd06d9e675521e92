import { join } from 'node:path'
import { Breather } from '../small-file.ts'
import type { ExtractJob, SourceFile } from './connector.ts'
import { openSource } from './open-source.ts'
import type { RecordFormat, RecordShapes } from './record-splitter.ts'
import { RecordStager, type StagedRecords } from './record-stager.ts'

/** Staged bytes after which a version of many files begins its next part. */
const MERGED_BYTES = 512 * 1024 * 1024
const MAX_PARTS = 64

/** Brings the records of one delivered file to the stager. */
export type StageFile = (file: SourceFile, stager: RecordStager, report: (bytes: number) => void) => Promise<void>

export interface Staging {
  stageFile: StageFile
  report(share: number): void
  /** Is given every piece as soon as it is complete, while the next one is made. */
  analyse?: ((piece: StagedRecords) => Promise<void>) | null
}

/**
 * Cuts every delivered file into records. `per_file`: staged apart from the others; `stored`: many files together.
 * @returns what was staged, by part, and the number of records by file index
 */
export function stageRecords(job: ExtractJob, format: RecordFormat, { shapes, ...staging }: Omit<Staging, 'stageFile'> & { shapes: RecordShapes | null }): Promise<{ staged: StagedRecords[]; records: number[] }> {
  return stageFiles(job, { ...staging, stageFile: (file, stager, within) => splitFile(file, { job, format, stager, shapes, report: within }) })
}

/** The same for files that are read in another way. */
export async function stageFiles(job: ExtractJob, { stageFile, report, analyse = null }: Staging): Promise<{ staged: StagedRecords[]; records: number[] }> {
  const totalBytes = job.files.reduce((sum, file) => sum + file.sizeBytes, 0)
  const mergedBytes = job.layout === 'per_file' ? 0 : Math.max(MERGED_BYTES, (2 * totalBytes) / MAX_PARTS)
  const behind = new Behind()
  const onPiece = analyse === null ? undefined : (piece: StagedRecords): void => behind.add(() => analyse(piece))
  const staged: StagedRecords[] = []
  const records: number[] = []
  let doneBytes = 0
  let stager: RecordStager | null = null
  try {
    const breather = new Breather()
    for (const file of job.files) {
      await breather.pause()
      if (behind.hasFailed) break
      if (stager !== null && stager.sizeBytes >= mergedBytes) {
        await stager.close()
        stager = null
      }
      if (stager === null) {
        stager = new RecordStager({ path: join(job.scratchDir, `records-${staged.length}`), skips: job.skips, onPiece })
        staged.push(stager.staged)
      }
      stager.beginFile(file.index)
      const before = doneBytes
      const within = (bytes: number): void => report((before + Math.min(bytes, file.sizeBytes)) / Math.max(1, totalBytes))
      await stageFile(file, stager, within)
      records.push(stager.recordCount)
      doneBytes += file.sizeBytes
    }
  } finally {
    await stager?.close()
    await behind.settled()
  }
  await behind.done()
  return { staged, records }
}

/** Work that is done one after the other, beside what adds it. */
class Behind {
  hasFailed = false
  #work: Promise<void> = Promise.resolve()

  add(work: () => Promise<void>): void {
    this.#work = this.#work.then(work)
    this.#work.catch(() => {
      this.hasFailed = true
    })
  }

  /** Waits for its end, whatever that is. */
  async settled(): Promise<void> {
    await Promise.allSettled([this.#work])
  }

  done(): Promise<void> {
    return this.#work
  }
}

interface Splitting {
  job: ExtractJob
  format: RecordFormat
  stager: RecordStager
  shapes: RecordShapes | null
  /** @param bytes read of this file; more than its size where it is packed */
  report(bytes: number): void
}

async function splitFile(file: SourceFile, { job, format, stager, shapes, report }: Splitting): Promise<void> {
  const splitter = format.splitter({ file: file.name, encoding: file.encoding, sink: stager, record: job.source.record, lists: job.source.lists, shapes })
  let readBytes = 0
  for await (const chunk of openSource(file, job.signal)) {
    splitter.write(chunk)
    await stager.drain()
    readBytes += chunk.length
    report(readBytes)
  }
  splitter.end()
  await stager.drain()
}
