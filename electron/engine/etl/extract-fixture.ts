import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { type Duck, openDuck } from '../query/duckdb.ts'
import { parquetScan, versionRelation } from '../query/version-relation.ts'
import type { ExtractResult, OpInput, VersionSource, WorkerInit } from '../workers/wire.ts'
import type { CsvOptions, SourceSpec } from '../workspace/model.ts'
import { extract } from './extract.ts'

export const CSV_DEFAULTS: CsvOptions = {
  delimiter: null,
  quote: null,
  escape: null,
  header: true,
  nullText: [],
  skipLines: 0,
  comment: null,
}

export interface Extraction {
  result: ExtractResult
  outDir: string
  log: string[]
  /** Rows of the raw version as the reader gives them, in order, with `_file` and `_record`. */
  rows(select?: string): Promise<Record<string, unknown>[]>
  rejects(): Promise<Record<string, unknown>[]>
}

type Declared = Partial<Omit<SourceSpec, 'csv' | 'format'>> & { format: SourceSpec['format']; csv?: Partial<CsvOptions> }

export function sourceOf(declared: Declared, paths: string[]): SourceSpec {
  return { name: 'things', files: paths, keep: 'copy', record: null, lists: [], columns: {}, tolerate: null, ...declared, csv: { ...CSV_DEFAULTS, ...declared.csv } }
}

interface Watch {
  signal?: AbortSignal
  onProgress?(share: number | null): void
  onLog?(): void
  /** Instead of this process. */
  by?(input: OpInput<'run', 'extract'>, init: WorkerInit): Promise<ExtractResult>
}

/** A folder of delivered files and raw versions, for tests. */
export class ExtractFixture {
  readonly dir: string
  readonly #duck: Duck
  readonly #init: WorkerInit
  #versions = 0

  private constructor(dir: string, duck: Duck, init: WorkerInit) {
    this.dir = dir
    this.#duck = duck
    this.#init = init
  }

  static async create(): Promise<ExtractFixture> {
    // A name that DuckDB would take for a pattern.
    const dir = join(await mkdtemp(join(tmpdir(), 'strata-extract-')), 'data [1]')
    const init = { memoryMb: 512, threads: 2, tempDir: join(dir, 'temp') }
    await mkdir(init.tempDir, { recursive: true })
    return new ExtractFixture(dir, await openDuck(init), init)
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(this.dir, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content)
    return path
  }

  async extract(declared: Declared, paths: string[], { signal = new AbortController().signal, onProgress = () => {}, onLog = () => {}, by }: Watch = {}): Promise<Extraction> {
    const source = sourceOf(declared, paths)
    const outDir = join(this.dir, `v${++this.#versions}`)
    const log: string[] = []
    const files = paths.map((path) => ({ path, name: basename(path) }))
    const input = { source, files, outDir, keepIn: null }
    const result = await (by?.(input, this.#init) ?? extract(input, {
      init: this.#init,
      signal,
      progress: ({ share }) => onProgress(share),
      ask: () => Promise.resolve(),
      log: (level, text) => {
        log.push(`${level}: ${text}`)
        onLog()
      },
    }))
    return { result, outDir, log, rows: (select = '*') => this.#rows(outDir, result, select), rejects: () => this.#rejects(outDir, result) }
  }

  async #rows(outDir: string, result: ExtractResult, select: string): Promise<Record<string, unknown>[]> {
    const relation = versionRelation(await this.#versionOf(outDir, result))
    return this.#duck.rows(`SELECT ${select} FROM (${relation})`)
  }

  async #rejects(outDir: string, result: ExtractResult): Promise<Record<string, unknown>[]> {
    if (result.rejectsName === null) return []
    return this.#duck.rows(`SELECT * REPLACE (_record::INTEGER AS _record, line::INTEGER AS line) FROM ${parquetScan([join(outDir, result.rejectsName)])}`)
  }

  async #versionOf(outDir: string, { parts, layout, columns, rowCount, rejectsName, files }: ExtractResult): Promise<VersionSource> {
    const rejected = new Map(files.flatMap(({ fileName, quarantined, members }) => [[fileName, quarantined] as const, ...members.map((member) => [`${fileName}/${member.name}`, member.quarantined] as const)]))
    return {
      dataset: { dataType: 'tests', zone: 'raw', name: 'things' },
      layout,
      columns,
      parts: await Promise.all(parts.map(async ({ name, rowCount: rows, file }) => {
        const path = join(outDir, name)
        await stat(path)
        return { path, rowCount: rows, file, rejected: file === null ? 0 : (rejected.get(file) ?? 0) }
      })),
      rowCount,
      rejectsPath: rejectsName === null ? null : join(outDir, rejectsName),
    }
  }

  async close(): Promise<void> {
    this.#duck[Symbol.dispose]()
    await rm(dirname(this.dir), { recursive: true, maxRetries: 10 })
  }
}
