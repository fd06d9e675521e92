import { useEffect, useState } from 'react'
import type { PipelineFile } from '../../../shared/contract/pipelines.contract.ts'
import type { DataTypeOutline, Finding } from '../../../shared/contract/workspace.contract.ts'
import type { EditorSelection } from '../../editor/code-editor.tsx'
import { pipelinesAddress } from '../../ui/addresses.ts'
import { Icon } from '../../ui/icon.tsx'
import { type Tab, TabPanel, Tabs } from '../../ui/tabs.tsx'
import { PipelineGraph } from './pipeline-graph.tsx'
import { StepPlan } from './step-plan.tsx'
import { StepTestsPanel } from './step-tests.tsx'
import { StepPreview } from './step-preview.tsx'

interface FilePanelProps {
  file: PipelineFile
  text: string
  /** SHA-256 of the file on disk. */
  saved: string
  isChanged: boolean
  /** Of the whole workspace, as it would be; null while that is not known. */
  findings: readonly Finding[] | null
  /** The steps as they would be. */
  dataType: DataTypeOutline | null
  /** Counts up when a preview is asked for. */
  preview: number
  place: EditorSelection
  onGoTo: (line: number, column: number) => void
}

type PanelTab = 'problems' | 'graph' | 'preview' | 'tests' | 'plan'

/** Below the text: what is wrong, and for a SELECT what it gives. */
export function FilePanel({ file, text, saved, isChanged, findings, dataType, preview, place, onGoTo }: FilePanelProps) {
  const [tab, setTab] = useState<PanelTab>('problems')
  useEffect(() => {
    if (preview > 0) setTab('preview')
  }, [preview])
  return (
    <div className='file-panel'>
      <div className='file-panel-head'>
        <Tabs label='About the file' tabs={tabsOf(file, findings)} value={tab} onChange={setTab} />
        <span className='grow' />
        <span className='t3 s12 num'>{`Line ${place.line}, column ${place.column}`}</span>
      </div>
      <TabPanel id={tab}>
        {tab === 'problems' && <Problems file={file} findings={findings} onGoTo={onGoTo} />}
        {tab === 'graph' && dataType !== null && <PipelineGraph dataType={dataType} findings={findings} file={file} onGoTo={() => onGoTo(1, 1)} />}
        {tab === 'plan' && file.dataType !== null && <StepPlan dataType={file.dataType} saved={saved} isChanged={isChanged} />}
        {tab === 'tests' && <FileTests key={file.path} file={file} text={text} />}
        {tab === 'preview' && <StepPreview key={file.path} dataType={file.dataType ?? ''} sql={text} asked={preview} />}
      </TabPanel>
    </div>
  )
}

function tabsOf({ kind, dataset, dataType }: PipelineFile, findings: FilePanelProps['findings']): Tab<PanelTab>[] {
  return [
    { id: 'problems', label: 'Problems', count: findings?.length },
    ...(kind === 'sql' ? [{ id: 'preview' as const, label: 'Preview' }] : []),
    ...(kind === 'sql' && dataset !== null ? [{ id: 'tests' as const, label: 'Tests' }] : []),
    ...(dataType !== null ? [{ id: 'graph' as const, label: 'Graph' }] : []),
    ...(dataType !== null && kind !== 'test' && kind !== 'other' ? [{ id: 'plan' as const, label: 'Plan' }] : []),
    ...(kind === 'test' ? [{ id: 'tests' as const, label: 'Test' }] : []),
  ]
}

function FileTests({ file: { kind, dataset, path }, text }: Pick<FilePanelProps, 'file' | 'text'>) {
  if (kind === 'sql' && dataset !== null) return <StepTestsPanel of={{ dataset }} dataset={dataset} sql={text} />
  return <StepTestsPanel of={{ files: [path] }} dataset={null} sql={undefined} />
}

function Problems({ file, findings, onGoTo }: Pick<FilePanelProps, 'file' | 'findings' | 'onGoTo'>) {
  if (findings === null) return <p className='file-words t2'>Looking at the workspace as it would be</p>
  if (findings.length === 0) return <p className='file-words t2'>Nothing is wrong, in this file or any other.</p>
  const own = findings.filter((finding) => finding.file === file.path)
  const others = findings.filter((finding) => finding.file !== file.path)
  return (
    <ul className='scroll file-problems' tabIndex={0} aria-label='Problems'>
      {[...own, ...others].map((finding, index) => <Problem key={index} finding={finding} isHere={index < own.length} onGoTo={onGoTo} />)}
    </ul>
  )
}

function Problem({ finding, isHere, onGoTo }: { finding: Finding; isHere: boolean; onGoTo: FilePanelProps['onGoTo'] }) {
  const { severity, message, suggestion, file, line, column } = finding
  const place = `${isHere ? '' : file}${line === null ? '' : `${isHere ? 'line ' : ':'}${line}`}`
  const words = (
    <>
      <Icon name={severity === 'error' ? 'close' : 'warn'} size={14} />
      <span className='sr-only'>{severity}</span>
      <span className='wrap'>{message}{suggestion !== null && <span className='t2'> {suggestion}</span>}</span>
      <span className='t3 mono s11'>{place}</span>
    </>
  )
  if (!isHere) return <li className={severity}><a href={pipelinesAddress({ file, line: line ?? undefined })}>{words}</a></li>
  return <li className={severity}><button type='button' onClick={() => onGoTo(line ?? 1, column ?? 1)}>{words}</button></li>
}
