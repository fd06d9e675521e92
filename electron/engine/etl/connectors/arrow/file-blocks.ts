import type { AsyncRecordBatchFileReader } from 'apache-arrow'
import { unreadable } from '../../source-problem.ts'
import { type ArrowBytes, messageAt } from './message-at.ts'

type Footer = NonNullable<AsyncRecordBatchFileReader['footer']>

/**
 * The footer of a file says where its record batches are. The library reads a place that holds something else again and again, for ever.
 * @throws SOURCE_UNREADABLE
 */
export async function refuseOtherBlocks(footer: Footer, bytes: ArrowBytes): Promise<void> {
  for (let index = 0; index < footer.numRecordBatches; index++) {
    const offset = footer.getRecordBatch(index)?.offset ?? -1
    const found = offset < 0 || offset >= bytes.size ? null : await messageAt(bytes, offset)
    if (found?.message.isRecordBatch() === true) continue
    throw unreadable(`not readable as Arrow: the footer names ${footer.numRecordBatches} record batches, but what it says of batch ${index + 1} leads to something else`, {
      file: bytes.file, hint: 'Deliver the file again',
    })
  }
}
