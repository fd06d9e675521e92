/** Names that the engine needs for itself in a raw version. */
const RESERVED = ['_file', '_record']

/**
 * Column names as a table can have them: never blank, unique without regard to case, none of the engine's own. A changed name shows
 * what it was: the second `id` is `id_2`, a blank third header `column_3`.
 */
export function uniqueColumnNames(names: readonly string[]): string[] {
  const wished = new Set(names.map((name) => name.toLowerCase()))
  const taken = new Set(RESERVED)
  return names.map((name, index) => {
    // SQL text ends at a zero byte.
    const plain = name.replaceAll('\0', '')
    const base = plain.trim() === '' ? `column_${index + 1}` : plain
    let unique = base
    for (let n = 2; taken.has(unique.toLowerCase()) || (unique !== base && wished.has(unique.toLowerCase())); n++) unique = `${base}_${n}`
    taken.add(unique.toLowerCase())
    return unique
  })
}
