import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Declaration, DeclaredColumn, IngestPreview, SourceGuess, Sniffed } from '../../../../shared/contract/ingest.contract.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import { previewSource } from './preview-source.ts'
import { sniffPaths } from './sniff-paths.ts'

/** A folder of files to look at, for tests. */
export class SniffFixture {
  readonly dir: string

  private constructor(dir: string) {
    this.dir = dir
  }

  static async create(): Promise<SniffFixture> {
    return new SniffFixture(await mkdtemp(join(tmpdir(), 'strata-sniff-')))
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(this.dir, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content)
    return path
  }

  sniff(paths: string[], declaration: Declaration | null = null): Promise<Sniffed> {
    return sniffPaths({ root: this.dir, paths, declaration }, this.#context())
  }

  /** The one source that a file makes. */
  async guess(path: string, declaration: Declaration | null = null): Promise<SourceGuess> {
    const { sources } = await this.sniff([path], declaration)
    const [guess] = sources
    if (guess === undefined || sources.length > 1) throw new Error(`${path} makes ${sources.length} sources`)
    return guess
  }

  preview(paths: string[], declaration: Declaration, limit = 100): Promise<IngestPreview> {
    return previewSource({ root: this.dir, paths, declaration, limit }, this.#context())
  }

  #context(): OpContext<never> {
    return { init: { memoryMb: 512, threads: 2, tempDir: join(this.dir, '.temp') }, signal: new AbortController().signal, progress: () => undefined, ask: () => Promise.resolve(), log: () => undefined }
  }

  async close(): Promise<void> {
    await rm(this.dir, { recursive: true })
  }
}

/** A guess in short: the declaration, and each column with its raw type, how it is written, and the type that the step makes. */
export function inShort({ declaration, columns }: SourceGuess): { declaration: Declaration; columns: string[] } {
  const { columns: _types, ...rest } = declaration
  return { declaration: rest, columns: columns.map(({ name, type, becomes, declared }) => `${name} ${type}${writtenText(declared)}${type === becomes ? '' : ` → ${becomes}`}`) }
}

function writtenText(declared: DeclaredColumn | null): string {
  if (declared === null || typeof declared === 'string') return ''
  return ` ${Object.entries(declared).filter(([key]) => key !== 'type').map(([key, value]) => `${key}=${String(value)}`).join(' ')}`
}
