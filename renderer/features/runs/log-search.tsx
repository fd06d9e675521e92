import { useState } from 'react'
import type { LogHit } from '../../../shared/contract/logs.contract.ts'
import { LOG_LEVELS, type LogLine } from '../../../shared/contract/runs.contract.ts'
import { goTo, runAddress } from '../../ui/addresses.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SelectField } from '../../ui/field.tsx'
import { countOf, formatAbsolute, formatCount } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { type TableColumn, VirtualTable } from '../../ui/virtual-table.tsx'
import { LEVEL_WORDS } from './log-level-words.ts'
import { type LogSearchState, useLogSearch } from './use-log-search.ts'

/** A text in the logs of all runs, newest run first. */
export function LogSearch({ dataType, text = '' }: { dataType: string | undefined; text: string | undefined }) {
  const [level, setLevel] = useState<LogLine['level']>('debug')
  const search = useLogSearch({ text: text.trim(), level, dataType })
  return (
    <section className='run-panel' aria-label='Lines of logs'>
      <PanelHead plain title='Lines' remark={text.trim() === '' ? undefined : remarkOf(search)}>
        <SelectField small label='Least level' width={104} value={level} options={LOG_LEVELS.map((name) => ({ value: name, label: LEVEL_WORDS[name] }))} onChange={setLevel} />
      </PanelHead>
      {text.trim() === '' ? <EmptyState title='Search the logs of all runs' icon='search'>Type a text above: part of a message, an entity, the name of a step.</EmptyState> : <Hits search={search} />}
    </section>
  )
}

function remarkOf({ hits, searched, total, isTruncated, isOver }: LogSearchState): string {
  const found = `${countOf(hits.length, 'line')}${isTruncated ? ', the first of more' : ''}`
  return isOver ? `${found} in ${countOf(searched, 'run')}` : `${found}; ${formatCount(searched)} of ${countOf(total, 'run')} searched`
}

function Hits({ search }: { search: LogSearchState }) {
  if (search.problem !== null) return <ErrorState problem={search.problem} />
  if (search.hits.length === 0) return search.isOver ? <EmptyState title='No line has this text'>Lower the level, or look in all data types. Logs that are no longer kept are not searched.</EmptyState> : <LoadingState rows={8}>Searching the logs</LoadingState>
  return <VirtualTable label='Lines found' columns={COLUMNS} total={search.hits.length} rowAt={(index) => search.hits[index]} rowKey={keyOf} onOpen={(hit) => goTo(runAddress(hit.run, 'log'))} />
}

function keyOf({ run, line }: LogHit): string {
  return `${run.dataType}#${run.runNumber} ${line.seq}`
}

const COLUMNS: readonly TableColumn<LogHit>[] = [
  { id: 'run', header: 'Run', width: '180px', cell: ({ run }) => <a className='mono' href={runAddress(run, 'log')}>{run.dataType} #{run.runNumber}</a> },
  { id: 'at', header: 'Time', width: '168px', cell: ({ line }) => <span className='t2'>{formatAbsolute(line.at)}</span> },
  { id: 'level', header: 'Level', width: '72px', cell: ({ line }) => <span className={`log-level ${line.level}`}>{line.level}</span> },
  { id: 'step', header: 'Step', width: 'minmax(0, 0.5fr)', cell: ({ line }) => <span className='mono'>{line.step ?? ''}</span>, title: ({ line }) => line.step ?? undefined },
  { id: 'text', header: 'Line', width: 'minmax(0, 1.5fr)', cell: ({ line }) => <span className='mono'>{line.text}</span>, title: ({ line }) => line.text },
]
