import { useState } from 'react'
import type { Export } from '../../../shared/contract/exports.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { dataAddress, diffAddress } from '../../ui/addresses.ts'
import { SidePanel } from '../../ui/bars.tsx'
import { Button, IconButton, LinkButton } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { formatAbsolute, formatBytes, formatCount, formatDuration } from '../../ui/format.ts'
import { Progress } from '../../ui/progress.tsx'
import { Status } from '../../ui/status.tsx'
import { useToast } from '../../ui/toast.tsx'
import { fileName, versionWords } from './export-columns.tsx'
import { againstWords, queryWords } from './query-words.ts'

/** Everything the manifest says about one export, and what can be done with it. */
export function ExportPanel({ item }: { item: Export }) {
  return (
    <SidePanel label='About the export'>
      <div className='scroll export-facts' tabIndex={0} aria-label='Facts of the export'>
        <div className='block'>
          <h2 className='mono wrap'>{fileName(item.path)}</h2>
          <p className='export-state'><Status status={item.state} /></p>
          {item.state === 'running' && <Progress label={`Export of ${item.dataset}`} share={item.share} />}
          <dl className='kv'>
            <dt>Dataset</dt><dd className='mono wrap'>{item.dataset}</dd>
            <dt>Version</dt><dd>{versionWords(item)}</dd>
            <dt>Format</dt><dd>{item.format === 'csv' ? 'CSV' : 'Parquet'}</dd>
            <dt>Rows</dt><dd>{item.rowCount === null ? 'not counted yet' : formatCount(item.rowCount)}</dd>
            {item.sizeBytes !== null && <><dt>Size</dt><dd>{formatBytes(item.sizeBytes)}</dd></>}
            <dt>Started</dt><dd>{formatAbsolute(item.startedAt)}</dd>
            {item.finishedAt !== null && <><dt>Took</dt><dd>{formatDuration(Date.parse(item.finishedAt) - Date.parse(item.startedAt))}</dd></>}
          </dl>
        </div>
        {item.problem !== null && item.state === 'failed' && <ErrorState inline problem={item.problem} />}
        <CopyFact title='File' text={item.path} />
        {item.sha256 !== null && <CopyFact title='SHA-256' text={item.sha256} />}
        {item.state === 'succeeded' && <CopyFact title='Manifest' text={`${item.path}.manifest.json`} />}
        <section className='block'>
          <h3>Rows it holds</h3>
          <ul className='s12 t2'>{(item.against === null ? queryWords(item.query) : againstWords(item.against)).map((line) => <li key={line} className='wrap'>{line}</li>)}</ul>
        </section>
      </div>
      <ExportActions item={item} />
    </SidePanel>
  )
}

function CopyFact({ title, text }: { title: string; text: string }) {
  return (
    <section className='block'>
      <h3>
        {title}
        <span className='grow' />
        <IconButton small variant='quiet' icon='copy' iconSize={13} label={`Copy: ${title}`} onClick={() => void navigator.clipboard.writeText(text)} />
      </h3>
      <p className='mono s11 t2 wrap'>{text}</p>
    </section>
  )
}

function ExportActions({ item }: { item: Export }) {
  const { client, host } = useApi()
  const toast = useToast()
  const [cancelling, setCancelling] = useState(false)
  const cancel = async (): Promise<void> => {
    setCancelling(true)
    try {
      await client.exports.cancel({ id: item.id })
    } catch (error) {
      toast({ status: 'failed', title: problemOf(error).message })
    } finally {
      setCancelling(false)
    }
  }
  return (
    <div className='export-actions'>
      {item.state === 'running' && <Button variant='danger' disabledReason={cancelling ? 'It is being cancelled' : null} onClick={() => void cancel()}>Cancel export</Button>}
      <LinkButton icon='table' href={rowsAddress(item)}>Open these rows</LinkButton>
      {host !== null && item.state === 'succeeded' && <Button icon='folder' iconSize={13} onClick={() => void host.revealFile(item.path)}>Show in folder</Button>}
    </div>
  )
}

/** The rows in the window: of the version, or those that differ. */
function rowsAddress({ dataset, version, query, against }: Export): string {
  if (against === null) return dataAddress(dataset, { v: version, sort: query.sort, filter: query.filter })
  return diffAddress(dataset, { from: against.version, to: version, key: against.key.join(','), kind: against.kinds[0] })
}
