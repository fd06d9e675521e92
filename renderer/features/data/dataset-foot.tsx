import { selectionWords } from '../../grid/selection-words.ts'
import type { SelectionSize } from '../../grid/use-cursor.ts'
import { formatCount, formatDuration } from '../../ui/format.ts'
import type { CopyStatus } from '../../../shared/contract/copies.contract.ts'
import type { PageCost } from './use-dataset-rows.ts'
import { copyWords } from './use-version-copy.ts'

interface DatasetFootProps {
  /** Null while it is counted. */
  rowCount: number | null
  totalRows: number | null
  filtered: boolean
  selected: SelectionSize | null
  keys: readonly string[]
  cost: PageCost | null
  copy: CopyStatus | null
}

/** How many rows, which are chosen, and what the last page cost. */
export function DatasetFoot({ rowCount, totalRows, filtered, selected, keys, cost, copy }: DatasetFootProps) {
  const copyText = copyWords(copy)
  return (
    <div className='grid-foot'>
      <span role='status'>{rowsWords(rowCount, totalRows, filtered)}</span>
      {selected !== null && <span>{selectionWords(selected)}</span>}
      {keys.length > 0 && <span className='cut'>Row key <b className='mono'>{keys.join(', ')}</b></span>}
      <span className='grow' />
      {copyText !== null && <span className='cut' title={copyText.title}>{copyText.text}</span>}
      {cost !== null && <span title='What the engine needed for the last block of rows'>{cost.fromCache ? 'from cache' : `query ${formatDuration(cost.tookMs)}`}</span>}
    </div>
  )
}

function rowsWords(rowCount: number | null, totalRows: number | null, filtered: boolean) {
  if (totalRows === null) return 'Reading'
  if (!filtered) return <><b>{formatCount(totalRows)}</b> {totalRows === 1 ? 'row' : 'rows'}</>
  if (rowCount === null) return <>Counting matches among {formatCount(totalRows)} rows</>
  return <><b>{formatCount(rowCount)}</b> of {formatCount(totalRows)} rows</>
}
