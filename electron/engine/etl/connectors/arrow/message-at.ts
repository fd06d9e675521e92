import type { FileHandle } from 'node:fs/promises'
import { Message } from 'apache-arrow'
import { truncated, unreadable } from '../../source-problem.ts'
import { claimsTooMuch } from './batch-vectors.ts'

const CONTINUATION = -1
/** Of the description of one message; a schema of thousands of columns stays below. */
const MAX_METADATA_BYTES = 64 << 20

export interface ArrowBytes {
  handle: FileHandle
  size: number
  /** For problems. */
  file: string
}

/**
 * The description of the message that begins at an offset, and where its body begins (Arrow Columnar Format, "Encapsulated message format").
 * Null where a length of zero says that a stream ends.
 * @throws SOURCE_UNREADABLE
 */
export async function messageAt({ handle, size, file }: ArrowBytes, offset: number): Promise<{ message: Message; bodyAt: number } | null> {
  const wordAt = async (position: number): Promise<number> => {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(4), 0, 4, position)
    if (bytesRead < 4) throw truncated('the Arrow stream does not say that it ends', { file })
    return buffer.readInt32LE(0)
  }
  const first = await wordAt(offset)
  const length = first === CONTINUATION ? await wordAt(offset + 4) : first
  const at = offset + (first === CONTINUATION ? 8 : 4)
  if (length === 0) return null
  if (length < 0 || length > MAX_METADATA_BYTES) throw unreadable('this is no Arrow file or stream', { file, hint: 'Check the file, or set its format' })
  if (at + length > size) throw truncated('the Arrow data ends in the middle of a message', { file })
  const { buffer } = await handle.read(Buffer.alloc(length), 0, length, at)
  return { message: decode(buffer, file), bodyAt: at + length }
}

function decode(metadata: Buffer, file: string): Message {
  try {
    if (!claimsTooMuch(metadata)) return Message.decode(metadata)
    throw new RangeError('its lists are longer than itself')
  } catch (cause) {
    throw unreadable('not readable as Arrow: a message is damaged', { file, cause, hint: 'Deliver the file again, or set its format' })
  }
}
