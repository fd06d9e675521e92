import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { SavedSource } from '../../../shared/contract/ingest.contract.ts'
import { textDiff } from '../../../shared/domain/text-diff.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { Button } from '../../ui/button.tsx'
import { CodeLines } from '../../ui/code-lines.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { Note } from '../../ui/note.tsx'
import { useRested } from '../../ui/use-rested.ts'
import { differences } from './ingest-model.ts'
import type { SourceToSave } from './use-save-sources.ts'

/** What is only tried is no command that could be repeated. */
const TRIAL_ID = '00000000-0000-4000-8000-000000000000'
const REST_MS = 300

export interface Trial {
  data: SavedSource | undefined
  error: Error | null
}

/** What saving a source would do, without doing it; `source` null: nothing can be said yet. */
export function useTrial(dataType: string, source: SourceToSave | null): Trial {
  const { queries } = useApi()
  const wanted = useMemo(() => JSON.stringify(source), [source])
  const input = useRested(wanted, REST_MS)
  const isSettled = input === wanted && source !== null
  const { data, error } = useQuery({
    ...queries.ingest.save.queryOptions({ input: isSettled ? inputOf(dataType, source) : skipToken }), placeholderData: keepPreviousData, staleTime: 0, gcTime: 0, retry: false,
  })
  return { data: source === null ? undefined : data, error }
}

function inputOf(dataType: string, { source, paths, declaration, columns, reading }: SourceToSave) {
  return { commandId: TRIAL_ID, dataType, source, paths, declaration, reading, step: { columns }, dryRun: true }
}

interface ExistingProps {
  saved: SavedSource
  found: SourceToSave
  onReading: (reading: SourceToSave['reading']) => void
}

/** The source is there: what it declares, what these files look like, and which of the two holds. */
export function ExistingSource({ saved, found, onReading }: ExistingProps) {
  if (saved.declares === null) return null
  const lines = differences(saved.declares, found.declaration)
  return (
    <div className='ingest-note' role='group' aria-label='The source is there already'>
      <Note status={lines.length === 0 ? 'reused' : 'warning'}>
        <b className='mono'>{saved.dataset}</b> is a source already, and these files {lines.length === 0 ? 'look as it declares.' : 'do not look as it declares:'}
        {lines.length > 0 && <ul className='ingest-differences'>{lines.map((line) => <li key={line} className='mono'>{line}</li>)}</ul>}
        <div className='ingest-choices'>
          <Button small pressed={found.reading === 'keep'} onClick={() => onReading('keep')}>Keep what the source declares</Button>
          <Button small pressed={found.reading === 'change'} onClick={() => onReading('change')}>Change the source to what is shown here</Button>
        </div>
      </Note>
    </div>
  )
}

/** Every workspace file that saving would write, what comes in marked. */
export function WhatIsWritten({ trial: { data, error } }: { trial: Trial }) {
  if (error !== null) return <ErrorState inline problem={problemOf(error)} />
  if (data === undefined) return <LoadingState rows={6}>Writing it on trial</LoadingState>
  return (
    <div className='scroll grow ingest-written' tabIndex={0} role='group' aria-label='What will be written'>
      {data.files.map(({ from, to, how }) => <p key={`${from} ${to}`} className='t2'><span className='mono'>{from}</span> {HOW[how]} <span className='mono'>{to}</span></p>)}
      {data.written.length === 0 && <p className='t2'>No workspace file changes.</p>}
      {data.written.map((file) => <Written key={file.path} file={file} />)}
      {data.kept.length > 0 && <p className='t3'>{countOf(data.kept.length, 'file')} there already, left as {data.kept.length === 1 ? 'it is' : 'they are'}: <span className='mono'>{data.kept.join(', ')}</span></p>}
    </div>
  )
}

const HOW = { copied: 'is copied to', moved: 'is moved to', in_place: 'stays where it is,', again: 'came before, as' } as const

function Written({ file: { path, text, before } }: { file: SavedSource['written'][number] }) {
  const lines = useMemo(() => textDiff(before ?? '', text), [before, text])
  return (
    <section aria-label={path}>
      <h3><span className='mono'>{path}</span> <span className='t3'>{before === null ? 'a new file' : 'as it would be'}</span></h3>
      <CodeLines label={`${path} as it would be`} lines={lines} />
    </section>
  )
}
