import { useEffect, useMemo, useRef, useState } from 'react'
import type { PipelineFile } from '../../../shared/contract/pipelines.contract.ts'
import type { DataTypeOutline, Finding } from '../../../shared/contract/workspace.contract.ts'
import { pipelinesAddress } from '../../ui/addresses.ts'
import { PanelHead, SidePanel } from '../../ui/bars.tsx'
import { IconButton } from '../../ui/button.tsx'
import { SearchField } from '../../ui/field.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { ZoneMark } from '../../ui/zone-mark.tsx'
import { useDrafts } from './drafts.store.ts'
import { type FileGroup, type FileLine, fileTree } from './file-tree-model.ts'
import { NewFileDialog } from './new-file-dialog.tsx'

interface FileTreePanelProps {
  files: readonly PipelineFile[]
  findings: readonly Finding[]
  chosen: string | null
  dataTypes: readonly DataTypeOutline[]
}

/** Every file of the pipelines, by data type and zone. */
export function FileTreePanel({ files, findings, chosen, dataTypes }: FileTreePanelProps) {
  const [text, setText] = useState('')
  const [isNew, setIsNew] = useState(false)
  const tree = useMemo(() => fileTree(files, findings, text), [files, findings, text])
  const isEmpty = tree.workspace === null && tree.dataTypes.length === 0
  return (
    <SidePanel label='Files of the pipelines' side='left'>
      <PanelHead title='Steps'><IconButton small variant='quiet' icon='plus' label='New file' onClick={() => setIsNew(true)} /></PanelHead>
      <div className='files-find'><SearchField label='Find a file' placeholder='Find a file' value={text} onChange={setText} /></div>
      <nav className='scroll files' aria-label='Files'>
        {tree.dataTypes.map(({ name, groups, count }) => (
          <section key={name} aria-label={name}>
            <h3><span className='cut'>{name}</span><span className='t3'>{count}</span></h3>
            {groups.map((group) => <Group key={group.heading ?? ''} group={group} chosen={chosen} />)}
          </section>
        ))}
        {tree.workspace !== null && <section aria-label='Workspace'><h3>Workspace</h3><ul><Line line={tree.workspace} chosen={chosen} /></ul></section>}
        {isEmpty && <p className='t2 files-none'>No file has “{text}” in its path.</p>}
      </nav>
      {isNew && <NewFileDialog files={files} dataTypes={dataTypes.map(({ name }) => name)} onClose={() => setIsNew(false)} />}
    </SidePanel>
  )
}

function Group({ group: { heading, lines }, chosen }: { group: FileGroup; chosen: string | null }) {
  return (
    <>
      {heading !== null && <h4>{heading === 'tests' ? <Icon name='check' size={12} /> : <ZoneMark zone={heading} size={12} />}{heading}</h4>}
      <ul className={heading === null ? undefined : 'in-zone'}>{lines.map((line) => <Line key={line.file.path} line={line} chosen={chosen} />)}</ul>
    </>
  )
}

const ICONS: Readonly<Record<PipelineFile['kind'], IconName>> = { workspace: 'settings', pipeline: 'file', sql: 'code', processor: 'bolt', contract: 'quality', test: 'check', other: 'file' }

function Line({ line: { file, name, errors, warnings }, chosen }: { line: FileLine; chosen: string | null }) {
  const isChanged = useDrafts(({ byPath }) => byPath[file.path] !== undefined)
  const link = useRef<HTMLAnchorElement>(null)
  const isChosen = file.path === chosen
  useEffect(() => {
    if (isChosen) link.current?.scrollIntoView({ block: 'nearest' })
  }, [isChosen])
  const wrong = errors > 0 ? `${errors} ${errors === 1 ? 'error' : 'errors'}` : warnings > 0 ? `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}` : null
  return (
    <li>
      <a ref={link} className={isChosen ? 'file-link sel' : 'file-link'} href={pipelinesAddress({ file: file.path })} aria-current={isChosen ? 'true' : undefined} title={file.path}>
        <Icon name={ICONS[file.kind]} size={13} />
        <span className='cut'>{name}</span>
        {isChanged && <span className='file-changed' role='img' aria-label='not saved' />}
        {wrong !== null && <span className={errors > 0 ? 'file-wrong failed' : 'file-wrong'}>{wrong}</span>}
      </a>
    </li>
  )
}
