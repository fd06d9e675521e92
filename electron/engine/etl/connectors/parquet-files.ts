import { open } from 'node:fs/promises'
import type { Column } from '../../../../shared/domain/table-query.ts'
import { truncated, unreadable } from '../source-problem.ts'

const MAGIC = 'PAR1'
/** Files whose footer is encrypted begin and end so. */
const ENCRYPTED_MAGIC = 'PARE'
const FOOTER_BYTES = 8
const MAX_NAMED = 3

/**
 * Looks at both ends of a file before DuckDB does, so that what is wrong is said in words (parquet-format, "File Format" and "Encryption").
 * @throws SOURCE_UNREADABLE
 */
export async function refuseNoParquet(path: string, file: string): Promise<void> {
  await using handle = await open(path, 'r')
  const { size } = await handle.stat()
  if (size === 0) throw truncated('the file is empty', { file })
  const at = async (position: number, length: number): Promise<Buffer> => (await handle.read(Buffer.alloc(length), 0, length, Math.max(0, position))).buffer
  const head = (await at(0, MAGIC.length)).toString('latin1', 0, Math.min(size, MAGIC.length))
  if (!MAGIC.startsWith(head) && head !== ENCRYPTED_MAGIC) throw unreadable('this is no Parquet file', { file, hint: 'Check the file, or set its format' })
  const footer = await at(size - FOOTER_BYTES, FOOTER_BYTES)
  const tail = footer.toString('latin1', FOOTER_BYTES - MAGIC.length)
  if (tail === ENCRYPTED_MAGIC || head === ENCRYPTED_MAGIC) throw unreadable('the file is encrypted', { file, hint: 'Deliver it without encryption' })
  if (size < 2 * MAGIC.length + FOOTER_BYTES - MAGIC.length || tail !== MAGIC) throw truncated('the Parquet file has no footer', { file })
  if (footer.readUInt32LE(0) + FOOTER_BYTES + MAGIC.length > size) throw truncated('the footer of the Parquet file is longer than the file', { file })
}

/** What files of one source have not in common, one line a column. Columns are united by name. */
export function differences(shapes: readonly { name: string; columns: readonly Column[] }[]): { text: string; isType: boolean }[] {
  const columns = new Map<string, { name: string; types: Map<string, string[]> }>()
  for (const { name: file, columns: own } of shapes) {
    for (const { name, type } of own) {
      const column = columns.get(name.toLowerCase()) ?? { name, types: new Map<string, string[]>() }
      columns.set(name.toLowerCase(), column)
      column.types.set(type, [...(column.types.get(type) ?? []), file])
    }
  }
  return [...columns.values()].flatMap(({ name, types }) => {
    const having = [...types.values()].flat()
    const missing = shapes.filter(({ name: file }) => !having.includes(file)).map(({ name: file }) => file)
    return [
      ...(types.size > 1 ? [{ text: `column "${name}" is ${[...types].map(([type, files]) => `${type} in ${named(files)}`).join(', ')}`, isType: true }] : []),
      ...(missing.length > 0 ? [{ text: `column "${name}" is not in ${named(missing)}`, isType: false }] : []),
    ]
  })
}

function named(files: readonly string[]): string {
  return files.length > MAX_NAMED ? `${files.slice(0, MAX_NAMED).join(', ')} and ${files.length - MAX_NAMED} more` : files.join(', ')
}
