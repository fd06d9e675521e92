import { useKeyCaps } from '../../ui/keys/key-bindings.ts'
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import type { PipelineFile } from '../../../shared/contract/pipelines.contract.ts'
import type { DataTypeOutline } from '../../../shared/contract/workspace.contract.ts'
import { problemOf } from '../../api/problem-of.ts'
import { CodeEditor, type EditorHandle, type EditorSelection } from '../../editor/code-editor.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { LoadingState } from '../../ui/loading-state.tsx'
import { Note } from '../../ui/note.tsx'
import { Splitter } from '../../ui/splitter.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { FileHead } from './file-head.tsx'
import { FilePanel } from './file-panel.tsx'
import { formatFile } from './format-file.ts'
import { marksOf, offsetOf } from './marks.ts'
import { useCompletion } from './use-completion.ts'
import { type EditedFile, useFile } from './use-file.ts'

interface FileEditorProps {
  file: PipelineFile
  /** To begin at. */
  line: number | undefined
  dataTypes: readonly DataTypeOutline[]
}

/** One file: its text with what is wrong marked in it, and below, what it gives or what is wrong in words. */
export function FileEditor({ file, line, dataTypes }: FileEditorProps) {
  const edited = useFile(file.path)
  if (edited.problem !== null) return <section className='main' aria-label='File'><ErrorState problem={edited.problem} onRetry={edited.reload} /></section>
  if (edited.onDisk === undefined) return <section className='main' aria-label='File'><LoadingState rows={12}>Reading {file.path}</LoadingState></section>
  return <Opened file={file} line={line} dataTypes={dataTypes} edited={edited} />
}

const AT_START: EditorSelection = { from: 0, to: 0, line: 1, column: 1 }

function Opened({ file, line, dataTypes, edited }: FileEditorProps & { edited: EditedFile }) {
  const editor = useRef<EditorHandle>(null)
  const [at, setAt] = useState(AT_START)
  const [preview, setPreview] = useState(0)
  const [share, setShare] = useState(0.66)
  const { language, complete } = useCompletion(file, edited.dataType ?? dataTypes.find(({ name }) => name === file.dataType) ?? null)
  const save = useSave(file, edited)
  const { text } = edited
  const marks = useMemo(() => marksOf(edited.findings ?? [], file.path, text), [edited.findings, file.path, text])
  const showPreview = (): void => setPreview((count) => count + 1)
  const saveKeys = useKeyCaps('file.save')
  useShortcut('file.save', save)
  useShortcut('file.preview', () => file.kind === 'sql' && showPreview())
  useEffect(() => {
    if (line !== undefined) editor.current?.goTo(offsetOf(editor.current.text(), line, 1))
  }, [line])
  const tidy = useTidy(file, editor)
  useShortcut('file.format', tidy)
  const discard = (): void => {
    editor.current?.replaceAll(edited.onDisk?.text ?? '')
    edited.discard()
  }
  return (
    <section className='main' aria-label={file.path} data-region='' tabIndex={-1}>
      <FileHead file={file} edited={edited} dataTypes={dataTypes} onSave={save} onDiscard={discard} onTidy={canTidy(file) ? tidy : null} onPreview={file.kind === 'sql' ? showPreview : null} />
      {edited.isOvertaken && <OvertakenNote edited={edited} onDiscard={discard} />}
      <div className='file-halves'>
        <div className='file-upper' style={{ height: `${share * 100}%` }}>
          <CodeEditor
            ref={editor}
            label={`${file.path}. ${saveKeys ?? 'Save'} saves it; Escape and then Tab leaves the field`}
            initialText={text}
            placeholder={file.kind === 'sql' ? 'SELECT … FROM zone.name' : ''}
            language={language}
            complete={complete}
            marks={marks}
            onChange={edited.write}
            onSelection={setAt}
            keys={{ 'file.save': save, 'file.format': tidy, 'file.preview': () => file.kind === 'sql' && showPreview() }}
          />
        </div>
        <Splitter share={share} onShare={setShare} />
        <FilePanel file={file} text={text} saved={edited.onDisk?.sha256 ?? ''} isChanged={edited.isChanged} findings={edited.findings} dataType={edited.dataType} preview={preview} place={at} onGoTo={(to, column) => editor.current?.goTo(offsetOf(editor.current.text(), to, column))} />
      </div>
    </section>
  )
}

function canTidy({ path }: PipelineFile): boolean {
  return /\.(sql|ts|ya?ml)$/.test(path)
}

/** Puts the text into its usual form; undo brings it back. */
function useTidy({ path }: PipelineFile, editor: RefObject<EditorHandle | null>): () => void {
  const toast = useToast()
  return () => {
    const text = editor.current?.text() ?? ''
    formatFile(path, text).then(
      (formatted) => {
        // What was typed meanwhile is worth more than the form of what was there before.
        if (formatted !== text && editor.current?.text() === text) editor.current.replaceAll(formatted)
      },
      (error: unknown) => toast({ status: 'warning', title: `${path} is left as it is`, text: problemOf(error).message.split('\n')[0] ?? '' }),
    )
  }
}

function useSave(file: PipelineFile, edited: EditedFile): () => void {
  const toast = useToast()
  return () => {
    if (!edited.isChanged) return
    edited.save().catch((error: unknown) => {
      const { message, hint } = problemOf(error)
      toast({ status: 'failed', title: `${file.path} was not saved`, text: hint === null ? message : `${message}. ${hint}` })
      edited.reload()
    })
  }
}

function OvertakenNote({ edited, onDiscard }: { edited: EditedFile; onDiscard: () => void }) {
  const toast = useToast()
  const saveOver = (): void => void edited.save(true).catch((error: unknown) => toast({ status: 'failed', title: 'It was not saved', text: problemOf(error).message }))
  return (
    <div className='file-note'>
      <Note status='warning'>
        The file was changed outside while you edited it.{' '}
        <button type='button' className='link' onClick={onDiscard}>Take what is on disk</button> or <button type='button' className='link' onClick={saveOver}>save yours over it</button>.
      </Note>
    </div>
  )
}
