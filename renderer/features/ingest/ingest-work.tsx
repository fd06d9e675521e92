import { useEffect, useMemo, useState } from 'react'
import type { Declaration, DeclaredColumn, IngestPreview, SourceGuess, Sniffed } from '../../../shared/contract/ingest.contract.ts'
import { dataTypeNameProblem, datasetNameProblem } from '../../../shared/domain/naming.ts'
import { withTables } from '../../../shared/domain/nested-tables.ts'
import { frameOf } from '../../../shared/domain/source-declaration.ts'
import { problemOf } from '../../api/problem-of.ts'
import { ingestAddress } from '../../ui/addresses.ts'
import { PageHead, Toolbar } from '../../ui/bars.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf, formatBytes } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { Status } from '../../ui/status.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { EvidencePanel } from './evidence-panel.tsx'
import { changed, columnsOf, declarationOf, firstEdit, proposedDataType, type SourceEdit } from './ingest-model.ts'
import { PreviewTable } from './preview-table.tsx'
import { ReadingForm } from './reading-form.tsx'
import { ReadingText } from './reading-text.tsx'
import { SourceList } from './source-list.tsx'
import { useGuessOf, usePreview } from './use-guess.ts'
import { type SourceToSave, useSaveSources } from './use-save-sources.ts'
import { ExistingSource, useTrial, WhatIsWritten } from './what-is-written.tsx'

/** The proposed sources, one of them open: how it is read, what comes of it, and what that rests on. */
export function IngestWork({ sniffed, paths }: { sniffed: Sniffed; paths: readonly string[] }) {
  const { sources, fileCount, sizeBytes } = sniffed
  const [edits, setEdits] = useState(() => sources.map(firstEdit))
  const [found, setFound] = useState<ReadonlyMap<number, SourceGuess>>(new Map())
  const [at, setAt] = useState(() => Math.max(0, sources.findIndex(({ cannot }) => cannot === null)))
  const [dataType, setDataType] = useState(() => proposedDataType(sources, paths))
  const { save, isSaving } = useSaveSources()
  const edit = (index: number, change: Partial<SourceEdit>): void => setEdits((all) => all.map((one, place) => (place === index ? { ...one, ...change } : one)))
  const taken = edits.flatMap((one, index) => (one.isTaken ? [{ edit: one, guess: found.get(index) ?? sources[index] }] : []))
  const problem = problemWith(dataType, taken.map((one) => one.edit.name))
  const saveAll = (runs: boolean): void => {
    const wanted = taken.flatMap(({ edit: one, guess }): SourceToSave[] => (guess === undefined ? [] : [toSave(guess, one)]))
    save({ dataType, sources: wanted, runs })
  }
  const reason = isSaving ? 'The sources are being saved' : problem
  useShortcut('ingest.save', () => reason === null && saveAll(true))
  const what = taken.length > 1 ? ` ${taken.length} sources` : ''
  const source = sources[at]
  const current = edits[at]
  const [isWriting, setIsWriting] = useState(false)
  return (
    <>
      {sources.length > 1 && <SourceList sources={sources} edits={edits} at={at} onChoose={setAt} onTake={(index, isTaken) => edit(index, { isTaken })} />}
      <section className='main' aria-label='Add data' data-region='' tabIndex={-1}>
        <PageHead
          title='Add data'
          facts={`${countOf(fileCount, 'file')}, ${formatBytes(sizeBytes)}; nothing is written before you save`}
          actions={
            <>
              <LinkButton href={ingestAddress()}>Choose other files</LinkButton>
              <Button pressed={isWriting} onClick={() => setIsWriting(!isWriting)} disabledReason={problem}>What is written</Button>
              <Button icon='save' onClick={() => saveAll(false)} disabledReason={reason}>{`Save${what} only`}</Button>
              <Button variant='primary' icon='play' iconSize={13} onClick={() => saveAll(true)} disabledReason={reason}>{`Save${what} and run`}</Button>
            </>
          }
        />
        <Toolbar label='Names'>
          <ReadingText label='Data type' width={190} value={dataType} problem={dataTypeNameProblem(dataType)} onChange={setDataType} />
          {current !== undefined && <ReadingText label='Dataset' width={220} value={current.name} problem={datasetNameProblem(current.name)} onChange={(name) => edit(at, { name })} />}
          <span className='t3 s12 mono cut'>{dataType}.raw.{current?.name}</span>
        </Toolbar>
        {source !== undefined && current !== undefined && (
          <Chosen
            key={at} dataType={dataType} problem={problem} isWriting={isWriting} source={source} guess={found.get(at) ?? source} edit={current} onEdit={(change) => edit(at, change)}
            onGuess={(guess) => setFound((all) => (all.get(at) === guess ? all : new Map(all).set(at, guess)))}
          />
        )}
      </section>
    </>
  )
}

function toSave(guess: SourceGuess, edit: SourceEdit): SourceToSave {
  return { source: edit.name, paths: guess.files, declaration: declarationOf(guess, edit), columns: columnsOf(guess, edit), reading: edit.reading }
}

function problemWith(dataType: string, names: readonly string[]): string | null {
  if (names.length === 0) return 'No source is taken'
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) return `Two sources are called ${twice}`
  return dataTypeNameProblem(dataType) ?? names.map(datasetNameProblem).find((problem) => problem !== null) ?? null
}

interface ChosenProps extends ReadingProps {
  dataType: string
  /** Why nothing can be saved under these names. */
  problem: string | null
  isWriting: boolean
  guess: SourceGuess
}

/** One source: how it is read, or what saving it would write; and whether it is there already. */
function Chosen({ dataType, problem, isWriting, guess, ...reading }: ChosenProps) {
  const { edit, onEdit } = reading
  const here = useMemo(() => (guess.cannot !== null || problem !== null ? null : toSave(guess, edit)), [guess, problem, edit])
  const trial = useTrial(dataType, here)
  return (
    <>
      {trial.data !== undefined && here !== null && <ExistingSource saved={trial.data} found={here} onReading={(how) => onEdit({ reading: how })} />}
      {isWriting ? <WhatIsWritten trial={trial} /> : <Reading {...reading} />}
    </>
  )
}

interface ReadingProps {
  source: SourceGuess
  edit: SourceEdit
  onEdit: (change: Partial<SourceEdit>) => void
  onGuess: (guess: SourceGuess) => void
}

function Reading({ source, edit, onEdit, onGuess }: ReadingProps) {
  const { guess, isBusy: isLooking, error: guessError } = useGuessOf(source, edit.frame)
  useEffect(() => {
    if (guess !== source && !isLooking) onGuess(guess)
  })
  const { preview, isBusy, error } = usePreview(guess, declarationOf(guess, edit))
  const frame = frameOf(guess.declaration)
  const change = (part: Declaration): void => onEdit({ frame: changed(frame, part) })
  const onColumn = (column: string, declared: DeclaredColumn | null): void => onEdit({ columns: { ...edit.columns, [column]: declared } })
  const isChanged = edit.frame !== null || Object.keys(edit.columns).length > 0
  const isOld = isBusy || isLooking
  return (
    <div className='ingest-reading'>
      <div className='main'>
        <ReadingForm guess={guess} frame={frame} onChange={change} />
        <Outcome guess={guess} error={guessError ?? error} preview={preview} isOld={isOld} chosen={edit.columns} onColumn={onColumn} />
      </div>
      <EvidencePanel guess={guess} frame={frame} chosen={edit.columns} onReset={isChanged ? () => onEdit({ frame: null, columns: {} }) : null} onChoose={change} onColumn={onColumn} onTables={(names) => guess.nested !== null && onEdit({ frame: withTables(frame, guess.nested, names), columns: {} })} />
    </div>
  )
}

interface OutcomeProps {
  guess: SourceGuess
  error: Error | null
  preview: IngestPreview | undefined
  isOld: boolean
  chosen: SourceEdit['columns']
  onColumn: (column: string, declared: DeclaredColumn | null) => void
}

/** What comes of the reading: records, or why there are none. */
function Outcome({ guess, error, preview, isOld, chosen, onColumn }: OutcomeProps) {
  if (guess.cannot !== null) return <div className='ingest-note'><Status status='failed' text={guess.cannot} /></div>
  if (error !== null) return <ErrorState inline problem={problemOf(error)} />
  if (preview === undefined) return <LoadingState rows={10}>Reading the first records</LoadingState>
  return (
    <div className={`col grow${isOld ? ' ingest-old' : ''}`} aria-busy={isOld}>
      <PreviewTable preview={preview} guess={guess} chosen={chosen} onColumn={onColumn} />
    </div>
  )
}
