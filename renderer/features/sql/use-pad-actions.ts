import { type RefObject, useState } from 'react'
import type { AskedQuery, NamedQuery, NewStep } from '../../../shared/contract/sql-pad.contract.ts'
import { statementRanges } from '../../../shared/domain/sql-text.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import type { EditorHandle } from '../../editor/code-editor.tsx'
import { goTo, lineageAddress, sqlAddress } from '../../ui/addresses.ts'
import { useToast } from '../../ui/toast.tsx'
import { placeInText } from './place-in-text.ts'
import { usePad } from './pad.store.ts'
import type { ShownPlan } from './result-panel.tsx'
import { momentOf, type QueryRun, type QueryRuns } from './use-query-runs.ts'

export interface PadActions {
  plan: ShownPlan | null
  run: () => void
  /** One statement again, without a limit. */
  runAll: (run: QueryRun) => void
  explain: (analyze: boolean) => void
  /** Over the file of its name where it has one; true: it has none, so one must be given. */
  save: () => boolean
  onSaved: (query: NamedQuery) => void
  onMade: (step: NewStep) => void
  openNamed: (query: NamedQuery) => void
  openAsked: (query: AskedQuery) => void
}

/** More of a text than an address holds is in the editor alone. */
const MOST_IN_ADDRESS = 4_000

/** What can be done with the text in the editor, or with what is selected of it. */
export function usePadActions(editor: RefObject<EditorHandle | null>, runs: QueryRuns): PadActions {
  const { set } = usePad((state) => state)
  const running = useRunActions(editor, runs)
  const keeping = useKeepActions(editor)
  const show = (sql: string): void => {
    editor.current?.replaceAll(sql)
    editor.current?.focus()
  }
  return {
    ...running,
    ...keeping,
    openNamed({ name, sql }) {
      set({ named: { name, sql } })
      show(sql)
    },
    openAsked({ sql, asOf, pins }) {
      set({ named: null, asOf, pins: Object.fromEntries(pins.map(({ dataset, version }) => [dataset, version])) })
      show(sql)
    },
  }
}

function useRunActions(editor: RefObject<EditorHandle | null>, runs: QueryRuns): Pick<PadActions, 'plan' | 'run' | 'runAll' | 'explain'> {
  const { client, queries, queryClient } = useApi()
  const { asOf, pins, limit } = usePad((state) => state)
  const [plan, setPlan] = useState<ShownPlan | null>(null)
  const start = async (statements: readonly { sql: string; from: number }[], most: number | null): Promise<void> => {
    setPlan(null)
    await runs.start({ text: editor.current?.text() ?? '', statements, limit: most, asOf, pins })
    await queryClient.invalidateQueries({ queryKey: queries.query.history.key() })
  }
  return {
    plan,
    run() {
      const chosen = editor.current === null ? [] : chosenStatements(editor.current)
      if (chosen.length === 0 || runs.isRunning) return
      const text = editor.current?.text() ?? ''
      if (text.length <= MOST_IN_ADDRESS) window.location.replace(sqlAddress({ sql: text, asOf: asOf ?? undefined, pins: Object.entries(pins) }))
      void start(chosen, limit)
    },
    runAll: ({ sql, from }) => void start([{ sql, from }], null),
    explain(analyze) {
      const [first] = editor.current === null ? [] : chosenStatements(editor.current)
      if (first === undefined) return
      client.query.explain({ sql: first.sql, analyze, ...momentOf({ asOf, pins }) }).then(
        (found) => setPlan({ plan: found, problem: null }),
        (error: unknown) => setPlan({ plan: null, problem: placeInText(problemOf(error), editor.current?.text() ?? '', first.from) }),
      )
    },
  }
}

function useKeepActions(editor: RefObject<EditorHandle | null>): Pick<PadActions, 'save' | 'onSaved' | 'onMade'> {
  const { client, queries, queryClient } = useApi()
  const toast = useToast()
  const { named, set } = usePad((state) => state)
  const onSaved = ({ name, sql, file }: NamedQuery): void => {
    set({ named: { name, sql } })
    void queryClient.invalidateQueries({ queryKey: queries.query.saved.key() })
    toast({ status: 'succeeded', title: `Saved as ${file}` })
  }
  return {
    onSaved,
    save() {
      if (named === null) return true
      const sql = editor.current?.text() ?? ''
      client.query.save({ commandId: crypto.randomUUID(), name: named.name, sql, replace: true }).then(onSaved, (error: unknown) => toast({ status: 'failed', title: problemOf(error).message }))
      return false
    },
    onMade({ dataset, files, findings }) {
      void queryClient.invalidateQueries({ queryKey: queries.workspace.key() })
      const first = findings.find(({ severity }) => severity === 'error')
      toast({
        status: first === undefined ? 'succeeded' : 'warning',
        title: first === undefined ? `${dataset} is a step now` : `${dataset} is written, and the workspace says: ${first.message}`,
        text: files.map(({ path }) => path).join(', '),
        action: { label: 'Show in the lineage', run: () => goTo(lineageAddress(dataset)) },
      })
    },
  }
}

/** Of the selection, or of everything where nothing is selected. */
function chosenStatements(editor: EditorHandle): { sql: string; from: number }[] {
  const text = editor.text()
  const { from, to } = editor.selection()
  const [start, part] = from === to ? [0, text] : [from, text.slice(from, to)]
  return statementRanges(part).map((range) => ({ sql: part.slice(range.from, range.to), from: start + range.from }))
}
