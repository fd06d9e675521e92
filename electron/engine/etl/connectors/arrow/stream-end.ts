import { truncated, unreadable } from '../../source-problem.ts'
import { type ArrowBytes, messageAt } from './message-at.ts'

/**
 * A stream says with a length of zero that it ends (Arrow Columnar Format, "IPC Streaming Format"); the library takes one that was cut between two messages
 * for a whole one. Zeros alone are no proof, since messages are padded with them, so the stream is followed from message to message.
 * @throws SOURCE_UNREADABLE
 */
export async function refuseCutStream(bytes: ArrowBytes): Promise<void> {
  const { size, file } = bytes
  for (let at = 0; ; ) {
    const found = await messageAt(bytes, at)
    if (found === null) return
    const { bodyLength } = found.message
    if (bodyLength < 0) throw unreadable('not readable as Arrow: a message says that it has less than nothing', { file })
    at = found.bodyAt + bodyLength
    if (at > size) throw truncated('the Arrow data ends in the middle of a message', { file })
  }
}
