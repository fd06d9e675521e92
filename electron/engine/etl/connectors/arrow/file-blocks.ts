import type { Message } from 'apache-arrow'
import { Footer } from 'apache-arrow/ipc/metadata/file'
import { truncated, unreadable } from '../../source-problem.ts'
import { type ArrowBytes, messageAt } from './message-at.ts'

/** At the end: the length of the footer, then the magic. */
const TAIL_BYTES = 10

/**
 * The footer of a file says where its record batches and dictionaries are. The library reads a place that holds something else again and again, for
 * ever, and believes whatever a description says of its own length.
 * @throws SOURCE_UNREADABLE
 */
export async function refuseOtherBlocks(bytes: ArrowBytes): Promise<void> {
  const footer = await footerOf(bytes)
  const refuse = (count: string, block: string): never => {
    throw unreadable(`not readable as Arrow: the footer names ${count}, but what it says of ${block} leads to something else`, { file: bytes.file, hint: 'Deliver the file again' })
  }
  for (let index = 0; index < footer.numDictionaries; index++) {
    const message = await messageIn(bytes, footer.getDictionaryBatch(index)?.offset)
    if (message?.isDictionaryBatch() !== true) refuse(`${footer.numDictionaries} dictionaries`, `dictionary ${index + 1}`)
  }
  for (let index = 0; index < footer.numRecordBatches; index++) {
    const message = await messageIn(bytes, footer.getRecordBatch(index)?.offset)
    if (message?.isRecordBatch() !== true) refuse(`${footer.numRecordBatches} record batches`, `batch ${index + 1}`)
  }
}

async function messageIn(bytes: ArrowBytes, offset = -1): Promise<Message | undefined> {
  return offset < 0 || offset >= bytes.size ? undefined : (await messageAt(bytes, offset))?.message
}

async function footerOf({ handle, size, file }: ArrowBytes): Promise<Footer> {
  const { buffer: tail } = await handle.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, size - TAIL_BYTES)
  const length = tail.readInt32LE(0)
  if (length <= 0 || length > size - TAIL_BYTES) throw truncated('the Arrow file has no whole footer', { file })
  const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - TAIL_BYTES - length)
  return Footer.decode(buffer)
}
