import type { FileHandle } from 'node:fs/promises'
import { Message } from 'apache-arrow'
import { truncated, unreadable } from '../../source-problem.ts'

const CONTINUATION = -1
/** Of the description of one message; a schema of thousands of columns stays below. */
const MAX_METADATA_BYTES = 64 << 20

/**
 * A stream says with a length of zero that it ends (Arrow Columnar Format, "IPC Streaming Format"); the library takes one that was cut between two messages
 * for a whole one. Zeros alone are no proof, since messages are padded with them, so the stream is followed from message to message.
 * @throws SOURCE_UNREADABLE
 */
export async function refuseCutStream(handle: FileHandle, { size, file }: { size: number; file: string }): Promise<void> {
  const wordAt = async (position: number): Promise<number> => {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(4), 0, 4, position)
    if (bytesRead < 4) throw truncated('the Arrow stream does not say that it ends', { file })
    return buffer.readInt32LE(0)
  }
  for (let at = 0; ; ) {
    const first = await wordAt(at)
    const length = first === CONTINUATION ? await wordAt(at + 4) : first
    at += first === CONTINUATION ? 8 : 4
    if (length === 0) return
    if (length < 0 || length > MAX_METADATA_BYTES) throw unreadable('this is no Arrow file or stream', { file, hint: 'Check the file, or set its format' })
    if (at + length > size) throw truncated('the Arrow data ends in the middle of a message', { file })
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, at)
    at += length + bodyLength(buffer, file)
    if (at > size) throw truncated('the Arrow data ends in the middle of a message', { file })
  }
}

function bodyLength(metadata: Buffer, file: string): number {
  let length: number
  try {
    length = Message.decode(metadata).bodyLength
  } catch (cause) {
    throw unreadable('not readable as Arrow: a message is damaged', { file, cause, hint: 'Deliver the file again, or set its format' })
  }
  if (length >= 0) return length
  throw unreadable('not readable as Arrow: a message says that it has less than nothing', { file })
}
