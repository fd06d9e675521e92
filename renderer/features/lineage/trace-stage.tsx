import { useMemo } from 'react'
import { z } from 'zod'
import type { TracedRecord, TraceStage } from '../../../shared/contract/trace.contract.ts'
import { traceWords } from '../../../shared/domain/trace-words.ts'
import { useApi } from '../../api/api.tsx'
import { RowsTable } from '../../grid/rows-table.tsx'
import { dataAddress } from '../../ui/addresses.ts'
import { Button } from '../../ui/button.tsx'
import { FileLines } from '../../ui/file-lines.tsx'
import { formatCount } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { ZoneMark } from '../../ui/zone-mark.tsx'

const rowsSchema = z.array(z.array(z.unknown()))

/** One dataset on the way: its rows, how they were found, and in the raw zone their lines in the file. */
export function TraceStageView({ stage }: { stage: TraceStage }) {
  const { dataset, version, zone, how, into, columns, marked, rowsJson, records } = stage
  const rows = useMemo(() => rowsSchema.parse(JSON.parse(rowsJson)), [rowsJson])
  const [dataType = '', , name = dataset] = dataset.split('.')
  return (
    <li className={`trace-stage ${how}`}>
      <header>
        <ZoneMark zone={zone} size={14} />
        <a className='mono strong' href={dataAddress(dataset, { v: version })} title='Open in Data'>{name}</a>
        <span className='t3'>{`${zone} of ${dataType}, v${version}`}</span>
        {into.length > 0 && <span className='t3 trace-into cut'><Icon name='right' size={12} />{into.map(shortName).join(', ')}</span>}
      </header>
      <p className={how === 'unknown' ? 'trace-how t2' : 'trace-how'}>{traceWords(stage)}</p>
      {rows.length > 0 && <RowsTable label={`Rows of ${dataset}`} columns={columns} rows={rows} marked={marked} />}
      {records.map((record) => <RecordInFile key={`${record.file} ${record.record}`} record={record} />)}
    </li>
  )
}

function shortName(dataset: string): string {
  return dataset.split('.').slice(1).join('.')
}

function RecordInFile({ record: { file, record, line, place, path, lines } }: { record: TracedRecord }) {
  const { host } = useApi()
  const where = place === null ? (line === null ? `record ${formatCount(record)}` : `line ${formatCount(line)}`) : `cell ${place}`
  return (
    <div className='trace-record'>
      <div className='row row-4 s12'>
        <Icon name='file' size={13} />
        <span className='cut'><span className='mono'>{file}</span>, <b>{where}</b> <span className='t3 mono'>{path}</span></span>
        {host !== null && <Button small variant='quiet' icon='folder' iconSize={13} onClick={() => void host.revealFile(path)}>Show in folder</Button>}
      </div>
      {lines.length > 0 && <FileLines lines={lines} tone='found' />}
    </div>
  )
}
