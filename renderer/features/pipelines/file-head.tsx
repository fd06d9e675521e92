import { useState } from 'react'
import type { PipelineFile } from '../../../shared/contract/pipelines.contract.ts'
import type { DataTypeOutline } from '../../../shared/contract/workspace.contract.ts'
import { useRunPlanning } from '../../api/use-run-planning.ts'
import { dataAddress, lineageAddress } from '../../ui/addresses.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { RunDialog } from '../../ui/run-dialog.tsx'
import { useRunToasts } from '../../ui/run-toasts.ts'
import { ZoneMark } from '../../ui/zone-mark.tsx'
import type { EditedFile } from './use-file.ts'

interface FileHeadProps {
  file: PipelineFile
  edited: EditedFile
  dataTypes: readonly DataTypeOutline[]
  onSave: () => void
  onDiscard: () => void
  /** Null for a file that has no usual form. */
  onTidy: (() => void) | null
  /** Null where there is nothing to preview. */
  onPreview: (() => void) | null
}

/** What the file is about, and what can be done with it. */
export function FileHead({ file, edited, dataTypes, onSave, onDiscard, onTidy, onPreview }: FileHeadProps) {
  const [isRunning, setIsRunning] = useState(false)
  return (
    <header className='file-head'>
      {file.zone !== null && <ZoneMark zone={file.zone} size={16} />}
      <h1 className='cut mono' title={file.path}>{file.path.split('/').at(-1)}</h1>
      <span className='t3 s12 cut'>{whatIs(file)}</span>
      {edited.isChanged && <span className='file-unsaved s12'>not saved</span>}
      <span className='grow' />
      <MadeLinks dataset={file.dataset} dataTypes={dataTypes} />
      {edited.isChanged && <Button small variant='quiet' icon='undo' onClick={onDiscard}>Discard</Button>}
      {onTidy !== null && <Button small variant='quiet' onClick={onTidy} title='Shift Alt F'>Format</Button>}
      {onPreview !== null && <Button small icon='table' onClick={onPreview} command='file.preview'>Preview</Button>}
      {file.dataType !== null && <Button small icon='runs' onClick={() => setIsRunning(true)}>Plan and run</Button>}
      <Button small variant='primary' onClick={onSave} disabledReason={edited.isChanged ? null : 'It is as it is on disk'} command='file.save'>Save</Button>
      {isRunning && file.dataType !== null && <PlanAndRun dataType={file.dataType} dataTypes={dataTypes} onClose={() => setIsRunning(false)} />}
    </header>
  )
}

/** To what the file makes, where it makes something. */
function MadeLinks({ dataset, dataTypes }: { dataset: string | null; dataTypes: readonly DataTypeOutline[] }) {
  if (dataset === null || !dataTypes.some(({ steps }) => steps.some((step) => step.dataset === dataset))) return null
  return (
    <>
      <LinkButton small variant='quiet' icon='table' href={dataAddress(dataset)}>Data</LinkButton>
      <LinkButton small variant='quiet' icon='lineage' href={lineageAddress(dataset)}>Lineage</LinkButton>
    </>
  )
}

function PlanAndRun({ dataType, dataTypes, onClose }: { dataType: string; dataTypes: readonly DataTypeOutline[]; onClose: () => void }) {
  const planning = useRunPlanning(useRunToasts())
  return <RunDialog open onClose={onClose} dataTypes={dataTypes} initial={dataType} {...planning} />
}

const KIND_WORDS: Readonly<Record<PipelineFile['kind'], string>> = {
  workspace: 'name, limits and retention of the workspace', pipeline: 'sources, gates and schedule', sql: 'the SELECT that makes', processor: 'the processor that makes', contract: 'what is promised of', test: 'given rows, and the rows that a step has to make of them', other: 'shared by processors',
}

function whatIs({ kind, dataset, dataType }: PipelineFile): string {
  if (dataset !== null) return `${KIND_WORDS[kind]} ${dataset}`
  return kind === 'pipeline' && dataType !== null ? `${KIND_WORDS[kind]} of ${dataType}` : KIND_WORDS[kind]
}
