import { useKeyCaps } from '../../ui/keys/key-bindings.ts'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import type { SqlNames } from '../../../shared/contract/sql-pad.contract.ts'
import { useApi } from '../../api/api.tsx'
import { CodeEditor, type CompletionContext, type CompletionResult, type CompletionSource, type EditorHandle, type EditorMark, type EditorSelection } from '../../editor/code-editor.tsx'
import { duckdbLanguage } from '../../editor/duckdb-language.ts'
import { sqlCompletion } from '../../editor/sql-completion.ts'
import type { SqlSearch } from '../../ui/addresses.ts'
import { Splitter } from '../../ui/splitter.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { useStable } from '../../ui/use-stable.ts'
import { MakeStepDialog } from './make-step-dialog.tsx'
import { createPad, PadContext, usePad } from './pad.store.ts'
import { ReadsBar } from './reads-bar.tsx'
import { ResultPanel } from './result-panel.tsx'
import { SaveQueryDialog } from './save-query-dialog.tsx'
import { SqlHead } from './sql-head.tsx'
import { SqlSide } from './sql-side.tsx'
import { type PadActions, usePadActions } from './use-pad-actions.ts'
import { type QueryRun, type QueryRuns, useQueryRuns } from './use-query-runs.ts'
import { useTextCheck } from './use-text-check.ts'
import './sql.css'

/** A place to ask the data in SQL: nothing that is written here can change anything. */
export function SqlScreen() {
  const [store] = useState(() => createPad(window.localStorage))
  return (
    <PadContext value={store}>
      <div className='view sql-view'>
        <Pad />
      </div>
    </PadContext>
  )
}

const AT_START: EditorSelection = { from: 0, to: 0, line: 1, column: 1 }

type PadDialog = 'save' | 'step'

function Pad() {
  const editor = useRef<EditorHandle>(null)
  const { text, panelOpen } = usePad((state) => state)
  const known = useNames()
  const runs = useQueryRuns()
  const actions = usePadActions(editor, runs)
  const [selection, setSelection] = useState(AT_START)
  const [dialog, setDialog] = useState<PadDialog | null>(null)
  useAddress(editor)
  const save = (): void => setDialog(actions.save() ? 'save' : null)
  usePadKeys({ run: actions.run, explain: () => actions.explain(false), save, cancel: runs.cancel })
  return (
    <>
      {panelOpen && <SqlSide datasets={known.names?.datasets} error={known.error} onInsert={(name) => editor.current?.insert(name)} onOpenNamed={actions.openNamed} onOpenAsked={actions.openAsked} />}
      <section className='main' aria-label='SQL' data-region='' tabIndex={-1}>
        <SqlHead
          isRunning={runs.isRunning}
          hasSelection={selection.from !== selection.to}
          emptyReason={text.trim() === '' ? 'There is no SQL yet' : null}
          onRun={actions.run}
          onCancel={runs.cancel}
          onExplain={() => actions.explain(false)}
          onSave={save}
          onMakeStep={() => setDialog('step')}
        />
        <Halves editor={editor} known={known} runs={runs} actions={actions} selection={selection} onSelection={setSelection} onSave={save} />
      </section>
      {dialog !== null && <PadDialogs dialog={dialog} sql={stepText(text, selection)} actions={actions} onClose={() => setDialog(null)} />}
    </>
  )
}

/** In the window, wherever the focus is; the editor has its own, since it takes what is typed in it. */
function usePadKeys({ run, explain, save, cancel }: { run: () => void; explain: () => void; save: () => void; cancel: () => void }): void {
  const { panelOpen, set } = usePad((state) => state)
  useShortcut('sql.run', run)
  useShortcut('sql.explain', explain)
  useShortcut('sql.save', save)
  useShortcut('sql.stop', cancel)
  useShortcut('sql.panel', () => set({ panelOpen: !panelOpen }))
}

interface HalvesProps {
  editor: RefObject<EditorHandle | null>
  known: KnownNames
  runs: QueryRuns
  actions: PadActions
  selection: EditorSelection
  onSelection: (selection: EditorSelection) => void
  onSave: () => void
}

/** The text above what it gave. */
function Halves({ editor, known, runs, actions, selection, onSelection, onSave }: HalvesProps) {
  const { text, asOf, pins, share, set } = usePad((state) => state)
  const check = useTextCheck(text, { asOf, pins })
  const marks = useMarks(check.marks, runs.runs, text)
  const [language] = useState(duckdbLanguage)
  const runKeys = useKeyCaps('sql.run')
  const write = (sql: string): void => {
    editor.current?.replaceAll(sql)
    editor.current?.focus()
  }
  return (
    <div className='sql-halves'>
      <div className='sql-upper' style={{ height: `${share * 100}%` }}>
        <CodeEditor
          ref={editor}
          label={`SQL. ${runKeys ?? 'Run'} runs it; Escape and then Tab leaves the field`}
          initialText={text}
          placeholder='SELECT … FROM data_type.zone.name'
          language={language}
          complete={known.complete}
          marks={marks}
          keys={{ 'sql.run': actions.run, 'sql.explain': () => actions.explain(false), 'sql.save': onSave }}
          onChange={(next) => set({ text: next })}
          onSelection={onSelection}
        />
        <ReadsBar statements={check.statements} pins={pins} place={`Ln ${selection.line}, Col ${selection.column}`} onPin={(dataset, version) => set({ pins: withPin(pins, dataset, version) })} />
      </div>
      <Splitter share={share} onShare={(next) => set({ share: next })} />
      <section className='sql-lower' aria-label='Results' data-region='' tabIndex={-1}>
        <ResultPanel
          runs={runs.runs}
          plan={actions.plan}
          example={exampleOf(known.names)}
          onExample={write}
          onCancel={runs.cancel}
          onGoTo={(offset) => editor.current?.goTo(offset)}
          onAll={actions.runAll}
          onMeasure={() => actions.explain(true)}
        />
      </section>
    </div>
  )
}

function PadDialogs({ dialog, sql, actions, onClose }: { dialog: PadDialog; sql: string; actions: PadActions; onClose: () => void }) {
  const { text, asOf, pins } = usePad((state) => state)
  if (dialog === 'save') {
    return (
      <SaveQueryDialog
        sql={text}
        name=''
        onClose={onClose}
        onSaved={(query) => {
          onClose()
          actions.onSaved(query)
        }}
      />
    )
  }
  return (
    <MakeStepDialog
      sql={sql}
      isPinned={asOf !== null || Object.keys(pins).length > 0}
      onClose={onClose}
      onMade={(step) => {
        onClose()
        actions.onMade(step)
      }}
    />
  )
}

/** A first SELECT, over what people look at most. */
function exampleOf(names: SqlNames | undefined): string | null {
  const datasets = names?.datasets ?? []
  const first = datasets.find(({ dataset }) => dataset.includes('.curated.')) ?? datasets[0]
  return first === undefined ? null : `SELECT *\nFROM ${first.dataset}\nLIMIT 100`
}

function withPin(pins: Readonly<Record<string, number>>, dataset: string, version: number | null): Record<string, number> {
  const others = Object.fromEntries(Object.entries(pins).filter(([name]) => name !== dataset))
  return version === null ? others : { ...others, [dataset]: version }
}

/** Of several statements, the selected one becomes the step. */
function stepText(text: string, { from, to }: EditorSelection): string {
  return from === to ? text : text.slice(from, to)
}

interface KnownNames {
  /** Undefined until they are here. */
  names: SqlNames | undefined
  error: Error | null
  complete: CompletionSource
}

/** Names for the editor, at the moment that is looked at. Who types before they are here gets them when they come. */
function useNames(): KnownNames {
  const { queries, queryClient } = useApi()
  const asOf = usePad((state) => state.asOf)
  const options = queries.query.names.queryOptions({ input: asOf === null ? {} : { asOf } })
  const { data: names, error } = useQuery(options)
  const complete = async (context: CompletionContext): Promise<CompletionResult | null> => sqlCompletion(await queryClient.ensureQueryData(options), context)
  return { names, error, complete }
}

/** What the last run found wrong stays marked until the text changes; else, what was found while writing. */
function useMarks(checked: readonly EditorMark[], runs: readonly QueryRun[], text: string): readonly EditorMark[] {
  const failed = runs.find(({ state }) => state === 'failed')
  return useMemo(() => {
    const offset = failed?.problem?.details['offset']
    if (checked.length > 0 || failed?.problem === null || failed === undefined || typeof offset !== 'number') return checked
    if (!text.slice(failed.from).startsWith(failed.sql)) return checked
    const word = /^[\p{L}\p{N}_]+/u.exec(text.slice(offset))?.[0].length ?? 1
    return [{ from: offset, to: offset + word, severity: 'error', message: failed.problem.message }]
  }, [checked, failed, text])
}

/** A text in the address goes into the editor, over what was there: undo brings that back. */
function useAddress(editor: { readonly current: EditorHandle | null }): void {
  const search: SqlSearch = useSearch({ strict: false })
  const { client } = useApi()
  const set = usePad((state) => state.set)
  const { sql, name, type, run } = search
  const pins = useStable(search.pins ?? [])
  useEffect(() => {
    if (sql === undefined || editor.current === null || editor.current.text() === sql) return
    editor.current.replaceAll(sql)
    set({ named: null, asOf: type === undefined || run === undefined ? null : { dataType: type, runNumber: run }, pins: Object.fromEntries(pins) })
  }, [editor, sql, type, run, pins, set])
  useEffect(() => {
    if (name === undefined) return
    let isOver = false
    void client.query.saved({}).then((saved) => {
      const found = saved.find((query) => query.name === name)
      if (isOver || found === undefined) return
      set({ named: { name, sql: found.sql } })
      if (editor.current?.text() !== found.sql) editor.current?.replaceAll(found.sql)
    })
    return () => {
      isOver = true
    }
  }, [client, editor, name, set])
}
