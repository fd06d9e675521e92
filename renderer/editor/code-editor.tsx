import { COMMAND_IDS, type CommandId } from '../ui/keys/commands.ts'
import { isFor } from '../ui/keys/key-bindings.ts'
import { autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap, type CompletionSource, selectedCompletion } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from '@codemirror/commands'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { EditorState, type Extension, Prec } from '@codemirror/state'
import { drawSelection, dropCursor, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, placeholder } from '@codemirror/view'
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import { styleNonce } from '../ui/theme/style-nonce.ts'
import { EDITOR_LOOK } from './editor-theme.ts'
import './code-editor.css'

export type { CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete'

/** A place in the text that something is said of. */
export interface EditorMark {
  from: number
  to: number
  severity: 'error' | 'warning'
  message: string
}

export interface EditorSelection {
  from: number
  to: number
  /** From 1, of the cursor. */
  line: number
  column: number
}

/** What the screen around it may do to the editor. */
export interface EditorHandle {
  /** As it is at this moment, before any render. */
  text(): string
  selection(): { from: number; to: number }
  /** In place of all of it; undo brings it back. */
  replaceAll(text: string): void
  /** In place of the selection, the cursor behind it. */
  insert(text: string): void
  /** Puts the cursor there, brings it into sight and takes the focus. */
  goTo(offset: number): void
  focus(): void
}

interface CodeEditorProps {
  /** Names the field for those who hear it. */
  label: string
  initialText: string
  placeholder: string
  /** Of the first render; later ones change nothing. */
  language: Extension
  complete: CompletionSource
  marks: readonly EditorMark[]
  onChange: (text: string) => void
  onSelection: (selection: EditorSelection) => void
  /** What the keys of commands do while the editor has the focus. */
  keys: Readonly<Partial<Record<CommandId, () => void>>>
  ref: Ref<EditorHandle>
}

/** Text with a language: the only door to the editor library. Tab indents; Esc and then Tab leaves the field. */
export function CodeEditor(props: CodeEditorProps) {
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const latest = useRef(props)
  latest.current = props
  useEffect(() => {
    if (box.current === null) return
    const editor = new EditorView({ parent: box.current, state: EditorState.create({ doc: latest.current.initialText, extensions: extensionsOf(latest) }) })
    view.current = editor
    // Where nothing else is being used, writing can begin.
    if (document.activeElement === document.body) editor.focus()
    return () => {
      view.current = null
      editor.destroy()
    }
  }, [])
  const { marks } = props
  useEffect(() => {
    const editor = view.current
    if (editor !== null) editor.dispatch(setDiagnostics(editor.state, marks.map((mark) => toDiagnostic(mark, editor.state.doc.length))))
  }, [marks])
  useImperativeHandle(props.ref, () => handleOf(() => view.current), [])
  return <div className='code-editor' ref={box} />
}

function extensionsOf(latest: { readonly current: CodeEditorProps }): Extension[] {
  const nonce = styleNonce()
  const { label, language, keys, placeholder: hint } = latest.current
  const own = COMMAND_IDS.filter((id) => keys[id] !== undefined).map((id) => ({
    any: (view: EditorView, event: KeyboardEvent) => {
      if (!isFor(event, id)) return false
      closeCompletion(view)
      latest.current.keys[id]?.()
      event.preventDefault()
      return true
    },
  }))
  return [
    ...(nonce === undefined ? [] : [EditorView.cspNonce.of(nonce)]),
    Prec.highest(keymap.of([...own, { key: 'Enter', run: leaveWritten }])),
    lineNumbers(), lintGutter(), highlightActiveLineGutter(), highlightActiveLine(), highlightSelectionMatches(),
    history(), drawSelection(), dropCursor(), indentOnInput(), bracketMatching(), closeBrackets(), indentUnit.of('  '), EditorState.tabSize.of(2),
    EditorView.lineWrapping,
    placeholder(hint),
    language,
    autocompletion({ override: [(context) => latest.current.complete(context)], icons: true, maxRenderedOptions: 60 }),
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
    EditorView.contentAttributes.of({ 'aria-label': label, 'aria-multiline': 'true', spellcheck: 'false', autocorrect: 'off', autocapitalize: 'off' }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) latest.current.onChange(update.state.doc.toString())
      if (update.docChanged || update.selectionSet) latest.current.onSelection(selectionOf(update.state))
    }),
    EDITOR_LOOK,
  ]
}

/** Where what is proposed stands there already, Enter is a line break. */
function leaveWritten(view: EditorView): boolean {
  const proposed = selectedCompletion(view.state)
  const { head } = view.state.selection.main
  const text = typeof proposed?.apply === 'string' ? proposed.apply : proposed?.label
  if (text !== undefined && view.state.doc.sliceString(Math.max(0, head - text.length), head) === text) closeCompletion(view)
  return false
}

function selectionOf(state: EditorState): EditorSelection {
  const { from, to, head } = state.selection.main
  const line = state.doc.lineAt(head)
  return { from, to, line: line.number, column: head - line.from + 1 }
}

function toDiagnostic({ from, to, severity, message }: EditorMark, length: number): Diagnostic {
  const start = Math.min(from, length)
  return { from: start, to: Math.max(start, Math.min(to, length)), severity, message }
}

function handleOf(view: () => EditorView | null): EditorHandle {
  return {
    text: () => view()?.state.doc.toString() ?? '',
    selection: () => {
      const { from = 0, to = 0 } = view()?.state.selection.main ?? {}
      return { from, to }
    },
    replaceAll(text) {
      const editor = view()
      editor?.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text }, selection: { anchor: text.length }, annotations: isolateHistory.of('full') })
    },
    insert(text) {
      const editor = view()
      editor?.dispatch(editor.state.replaceSelection(text))
      editor?.focus()
    },
    goTo(offset) {
      const editor = view()
      const anchor = Math.min(offset, editor?.state.doc.length ?? 0)
      editor?.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) })
      editor?.focus()
    },
    focus: () => view()?.focus(),
  }
}
