import { useQuery } from '@tanstack/react-query'
import { type SyntheticEvent, useId, useState } from 'react'
import type { Export, ExportFormat } from '../../../shared/contract/exports.contract.ts'
import { groupSort, type PivotSpec, type PivotView } from '../../../shared/domain/pivot.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import type { TableQuery } from '../../../shared/domain/table-query.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import type { GridQuery } from '../../grid/grid-query.ts'
import { exportsAddress, goTo } from '../../ui/addresses.ts'
import { Button, Segmented } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Labelled } from '../../ui/field.tsx'
import { countOf, formatBytes, formatCount, formatShare, shortHash } from '../../ui/format.ts'
import { Progress } from '../../ui/progress.tsx'
import { Status } from '../../ui/status.tsx'
import { exportFileName, exportScope } from './export-words.ts'

export interface ExportSubject {
  readonly dataset: string
  readonly version: number
  readonly query: GridQuery
  /** Shown columns in their order, and how many the version has. */
  readonly shownColumns: readonly string[]
  readonly columnCount: number
  /** Rows of the query, when they are counted. */
  readonly rowCount: number | null
  /** Groups in place of the rows. */
  readonly pivot: PivotView | null
}

interface ExportDialogProps {
  subject: ExportSubject
  onClose: () => void
}

/** Writes what is shown to a file: asks for form and place, then shows how far it is and where it lies. */
export function ExportDialog({ subject, onClose }: ExportDialogProps) {
  const [started, setStarted] = useState<Export | null>(null)
  if (started === null) return <ExportForm subject={subject} onStarted={setStarted} onClose={onClose} />
  return <ExportProgress started={started} onClose={onClose} />
}

function ExportForm({ subject, onStarted, onClose }: { subject: ExportSubject; onStarted: (item: Export) => void; onClose: () => void }) {
  const form = useId()
  const [format, setFormat] = useState<ExportFormat>('csv')
  const [columns, setColumns] = useState<'shown' | 'all'>('shown')
  const { path, setPath, chooseFolder, problem, busy, start, submit } = useExportStart({ subject, format, columns, onStarted })
  const someHidden = subject.pivot === null && subject.shownColumns.length < subject.columnCount
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Export ${subject.dataset}`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant='primary' icon='exports' type='submit' form={form} disabledReason={busy ? 'It is being started' : null}>
            {subject.pivot !== null ? 'Export the groups' : subject.rowCount === null ? 'Export the rows' : `Export ${countOf(subject.rowCount, 'row')}`}
          </Button>
        </>
      }
    >
      <form id={form} className='export-form' onSubmit={submit}>
        <p>{exportScope(subject)}</p>
        <div className='row'>
          <span className='export-label'>Format</span>
          <Segmented label='Format' value={format} options={[{ value: 'csv', label: 'CSV' }, { value: 'parquet', label: 'Parquet' }]} onChange={setFormat} />
        </div>
        {someHidden && (
          <div className='row'>
            <span className='export-label'>Columns</span>
            <Segmented
              label='Columns'
              value={columns}
              options={[{ value: 'shown', label: `The ${subject.shownColumns.length} shown` }, { value: 'all', label: `All ${subject.columnCount}` }]}
              onChange={setColumns}
            />
          </div>
        )}
        <Labelled label='File' hint={`A name in the exports folder of the workspace${chooseFolder === null ? '' : ', or a place of your own'}, for example ${exportFileName(subject, format)}`}>
          {({ id, describedBy }) => (
            <span className='row'>
              <span className='field grow'>
                <input id={id} aria-describedby={describedBy} value={path.text} placeholder='Named after dataset, version and time' spellCheck={false} onChange={(event) => setPath({ text: event.target.value, chosen: false })} />
              </span>
              {chooseFolder !== null && <Button icon='folder' iconSize={13} onClick={() => void chooseFolder()}>Choose</Button>}
            </span>
          )}
        </Labelled>
        {problem !== null && <ErrorState inline problem={problem} actions={problem.code === 'CONFLICT' && <Button small variant='danger' onClick={() => void start(true)}>Overwrite it</Button>} />}
      </form>
    </Dialog>
  )
}

interface StartRequest {
  subject: ExportSubject
  format: ExportFormat
  columns: 'shown' | 'all'
  onStarted: (item: Export) => void
}

/** The path is the person's, or one the save dialog has already asked about. */
interface ExportPath {
  text: string
  chosen: boolean
}

function useExportStart({ subject, format, columns, onStarted }: StartRequest) {
  const { client, host } = useApi()
  const [path, setPath] = useState<ExportPath>({ text: '', chosen: false })
  const [problem, setProblem] = useState<Problem | null>(null)
  const [busy, setBusy] = useState(false)
  // One id for this dialog: pressing twice, or again after a lost answer, starts one export.
  const [commandId, setCommandId] = useState(() => crypto.randomUUID())
  const chooseFolder = host === null ? null : async (): Promise<void> => {
    const chosen = await host.saveFile({ suggestedName: exportFileName(subject, format), format })
    if (chosen !== null) setPath({ text: chosen, chosen: true })
  }
  const start = async (overwrite: boolean): Promise<void> => {
    setBusy(true)
    setProblem(null)
    const text = path.text.trim()
    try {
      onStarted(
        await client.exports.start({
          commandId,
          dataset: subject.dataset,
          version: subject.version,
          format,
          ...askedOf(subject),
          ...(columns === 'all' || subject.pivot !== null ? {} : { columns: [...subject.shownColumns] }),
          ...(text === '' ? {} : { path: text }),
          overwrite,
        }),
      )
    } catch (error) {
      setProblem(problemOf(error))
      setCommandId(crypto.randomUUID())
    } finally {
      setBusy(false)
    }
  }
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    if (!busy) void start(path.chosen)
  }
  return { path, setPath, chooseFolder, problem, busy, start, submit }
}

/** The rows that are shown, or their groups. */
function askedOf({ query, pivot }: ExportSubject): { query: TableQuery; pivot?: PivotSpec } {
  if (pivot === null) return { query: { sort: [...query.sort], filter: [...query.filter] } }
  const { sort, ...spec } = pivot
  return { query: { sort: groupSort(sort, pivot), filter: [...query.filter] }, pivot: spec }
}

const POLL_MS = 400

function ExportProgress({ started, onClose }: { started: Export; onClose: () => void }) {
  const { queries } = useApi()
  const live = useQuery({
    ...queries.exports.get.queryOptions({ input: { id: started.id } }),
    initialData: started,
    refetchInterval: (query) => (query.state.data?.state === 'running' ? POLL_MS : false),
  })
  const item = live.data
  const title = item.state === 'running' ? `Exporting ${item.dataset}` : exportOutcome(item)
  return (
    <Dialog open onClose={onClose} title={title} actions={<ProgressActions item={item} onClose={onClose} />}>
      <ExportBody item={item} />
    </Dialog>
  )
}

function ProgressActions({ item, onClose }: { item: Export; onClose: () => void }) {
  const { client, host } = useApi()
  if (item.state === 'running') {
    return (
      <>
        <Button variant='danger' onClick={() => void client.exports.cancel({ id: item.id })}>Cancel export</Button>
        <Button variant='primary' autoFocus onClick={onClose}>Go on in the background</Button>
      </>
    )
  }
  const openExports = (): void => {
    onClose()
    goTo(exportsAddress)
  }
  return (
    <>
      <Button onClick={openExports}>Open exports</Button>
      {host !== null && item.state === 'succeeded' && <Button icon='folder' iconSize={13} onClick={() => void host.revealFile(item.path)}>Show in folder</Button>}
      <Button variant='primary' autoFocus onClick={onClose}>Close</Button>
    </>
  )
}

function ExportBody({ item }: { item: Export }) {
  switch (item.state) {
    case 'succeeded':
      return <ExportFacts item={item} />
    case 'cancelled':
      return <p>Nothing was left behind: the unfinished file is removed.</p>
    case 'failed':
      return item.problem === null ? <p className='mono wrap'>{item.path}</p> : <ErrorState inline problem={item.problem} />
    case 'running':
      return (
        <div className='export-live' role='status'>
          <Progress label={`Export of ${item.dataset}`} share={item.share} />
          <div className='row s12'>
            <Status status='running' text={item.rowCount === null ? 'Writing' : `${countOf(item.rowCount, 'row')} written`} />
            <span className='end'>{item.share === null ? '' : formatShare(item.share)}</span>
          </div>
          <p className='mono wrap'>{item.path}</p>
        </div>
      )
  }
}

function exportOutcome(item: Export): string {
  if (item.state === 'succeeded') return `${item.dataset} is exported`
  return item.state === 'cancelled' ? `The export of ${item.dataset} is cancelled` : `${item.dataset} was not exported`
}

function ExportFacts({ item }: { item: Export }) {
  return (
    <dl className='kv'>
      <dt>File</dt><dd className='mono wrap'>{item.path}</dd>
      <dt>Rows</dt><dd>{item.rowCount === null ? 'not counted' : formatCount(item.rowCount)}</dd>
      {item.sizeBytes !== null && <><dt>Size</dt><dd>{formatBytes(item.sizeBytes)}</dd></>}
      {item.sha256 !== null && <><dt>SHA-256</dt><dd className='mono' title={item.sha256}>{shortHash(item.sha256)}</dd></>}
      <dt>Manifest</dt><dd>beside it, as <span className='mono'>.manifest.json</span></dd>
    </dl>
  )
}
