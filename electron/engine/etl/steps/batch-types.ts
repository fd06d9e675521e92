import { rm, writeFile } from 'node:fs/promises'
import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import type { Duck } from '../../query/duckdb.ts'
import { globLiteral } from '../../query/glob-literal.ts'
import { journalText } from '../journal.ts'

/** A JSON file of rows read as columns of these types; what does not fit is an error. */
export function typedJson(file: string, columns: readonly { name: string; type: string }[]): string {
  const types = columns.map(({ name, type }) => `${quoteIdentifier(name)}: ${quoteLiteral(type)}`)
  return `read_json([${quoteLiteral(globLiteral(file))}], format = 'newline_delimited', columns = {${types.join(', ')}})`
}

export interface EntityRowsMade {
  entityId: string
  data: readonly Record<string, unknown>[]
}

/**
 * Reads a batch as the columns it will have, before its entities count as done: the processor's schema lets some values through that
 * DuckDB does not take, and the seal would be too late to say whose they are.
 */
export class BatchTypes {
  readonly #duck: Duck
  readonly #columns: readonly { name: string; type: string }[]
  readonly #file: string

  /** @param file a file of its own to read from, beside the journal */
  constructor(duck: Duck, columns: readonly { name: string; type: string }[], file: string) {
    this.#duck = duck
    this.#columns = columns
    this.#file = file
  }

  /** What DuckDB says of each entity whose rows do not fit. */
  async misfits(batch: readonly EntityRowsMade[], signal: AbortSignal): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    try {
      await this.#find(batch.filter(({ data }) => data.length > 0), signal, found)
    } finally {
      await rm(this.#file, { force: true })
    }
    return found
  }

  /** Halves what does not fit until one entity stands alone. */
  async #find(batch: readonly EntityRowsMade[], signal: AbortSignal, found: Map<string, string>): Promise<void> {
    if (batch.length === 0) return
    await writeFile(this.#file, journalText(batch.flatMap(({ data }) => data)))
    try {
      // A count would not look at the values.
      await this.#duck.run(`SELECT bit_xor(hash(t)) FROM ${typedJson(this.#file, this.#columns)} t`, signal)
    } catch (error) {
      signal.throwIfAborted()
      const [only, ...others] = batch
      if (only !== undefined && others.length === 0) {
        found.set(only.entityId, error instanceof Error ? withoutPlace(error.message) : String(error))
        return
      }
      const middle = Math.floor(batch.length / 2)
      await this.#find(batch.slice(0, middle), signal, found)
      await this.#find(batch.slice(middle), signal, found)
    }
  }
}

/** The file and line are of a file that is gone. */
function withoutPlace(message: string): string {
  return message.replaceAll(/JSON transform error in file "[^"]*", in (?:line|record\/value) \d+: /g, '').replaceAll(/\s*Try (?:increasing|setting) .*$/gs, '')
}
