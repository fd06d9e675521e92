/** Fields of Arrow's metadata by their place in the tables of Message.fbs and Schema.fbs. */
const [HEADER_TYPE, HEADER] = [1, 2]
const [NODES, BUFFERS, VARIADIC] = [1, 2, 4]
const DICTIONARY_DATA = 1
const [DICTIONARY_BATCH, RECORD_BATCH] = [2, 3]
const [VTABLE_FIELDS, FIELD_BYTES] = [4, 2]
const VECTORS = [{ field: NODES, entryBytes: 16 }, { field: BUFFERS, entryBytes: 16 }, { field: VARIADIC, entryBytes: 8 }]

/**
 * Whether the lists in the description of a batch say that they are longer than the description has room for. The library believes
 * them, and makes an object of each entry.
 * @throws RangeError where the description leads out of itself
 */
export function claimsTooMuch(metadata: Buffer): boolean {
  const root = metadata.readUInt32LE(0)
  const type = fieldAt(metadata, root, HEADER_TYPE)
  const header = tableAt(metadata, root, HEADER)
  const kind = type === null ? 0 : metadata.readUInt8(type)
  if (header === null || (kind !== RECORD_BATCH && kind !== DICTIONARY_BATCH)) return false
  const batch = kind === RECORD_BATCH ? header : tableAt(metadata, header, DICTIONARY_DATA)
  return batch !== null && VECTORS.some(({ field, entryBytes }) => {
    const vector = tableAt(metadata, batch, field)
    return vector !== null && vector + metadata.readUInt32LE(vector) * entryBytes > metadata.length
  })
}

/** Where the value of a table's field is; null where it is not set (FlatBuffers, "Internals"). */
function fieldAt(metadata: Buffer, table: number, field: number): number | null {
  const vtable = table - metadata.readInt32LE(table)
  const slot = VTABLE_FIELDS + FIELD_BYTES * field
  const offset = slot < metadata.readUInt16LE(vtable) ? metadata.readUInt16LE(vtable + slot) : 0
  return offset === 0 ? null : table + offset
}

/** Where the table or vector is that a field leads to. */
function tableAt(metadata: Buffer, table: number, field: number): number | null {
  const at = fieldAt(metadata, table, field)
  return at === null ? null : at + metadata.readUInt32LE(at)
}
