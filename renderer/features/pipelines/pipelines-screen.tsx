import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { PipelineFile } from '../../../shared/contract/pipelines.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { goTo, ingestAddress, pipelinesAddress, type PipelinesSearch } from '../../ui/addresses.ts'
import { LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { LoadingState } from '../../ui/loading-state.tsx'
import { useDrafts } from './drafts.store.ts'
import { FileEditor } from './file-editor.tsx'
import { FileTreePanel } from './file-tree.tsx'
import './pipelines.css'

/** The files that say what the workspace does: the tree, one of them to edit, and what is wrong, all while it is written. */
export function PipelinesScreen() {
  const { file, line }: PipelinesSearch = useSearch({ strict: false })
  const { queries } = useApi()
  const files = useQuery(queries.pipelines.files.queryOptions())
  const workspace = useQuery(queries.workspace.get.queryOptions())
  useStartingFile(files.data, file)
  useAskBeforeLeaving()
  if (files.data === undefined || workspace.data === undefined) {
    const error = files.error ?? workspace.error
    return <div className='view'>{error === null ? <LoadingState rows={10}>Reading the files of the pipelines</LoadingState> : <ErrorState problem={problemOf(error)} onRetry={() => void files.refetch()} />}</div>
  }
  const chosen = files.data.find(({ path }) => path === file)
  return (
    <div className='view pipelines-view'>
      <FileTreePanel files={files.data} findings={workspace.data.findings} chosen={file ?? null} dataTypes={workspace.data.dataTypes} />
      {chosen === undefined ? <NoFile file={file} isEmpty={files.data.length < 2} /> : <FileEditor key={chosen.path} file={chosen} line={line} dataTypes={workspace.data.dataTypes} />}
    </div>
  )
}

function NoFile({ file, isEmpty }: { file: string | undefined; isEmpty: boolean }) {
  return (
    <section className='main' aria-label='File' data-region='' tabIndex={-1}>
      {isEmpty ? (
        <EmptyState icon='code' title='There is no pipeline yet' actions={<LinkButton variant='primary' href={ingestAddress()}>Add data</LinkButton>}>
          A pipeline begins with data: files that you drop become a source with a first step, which you can then edit here.
        </EmptyState>
      ) : (
        <EmptyState icon='code' title={file === undefined ? 'No file is chosen' : `There is no ${file}`}>{file === undefined ? 'Choose one at the left.' : 'It may have been renamed or removed. Choose another at the left.'}</EmptyState>
      )}
    </section>
  )
}

/** Without a file in the address: the first that makes a dataset. */
function useStartingFile(files: readonly PipelineFile[] | undefined, file: string | undefined): void {
  useEffect(() => {
    if (file !== undefined || files === undefined) return
    const first = files.find(({ kind }) => kind === 'sql') ?? files.find(({ kind }) => kind === 'pipeline')
    if (first !== undefined) window.location.replace(pipelinesAddress({ file: first.path }))
  }, [file, files])
}

function useAskBeforeLeaving(): void {
  const count = useDrafts(({ byPath }) => Object.keys(byPath).length)
  useEffect(() => {
    if (count === 0) return undefined
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [count])
}

/** For the files of findings. */
export function openFile(file: string, line?: number | null): void {
  goTo(pipelinesAddress({ file, line: line ?? undefined }))
}
