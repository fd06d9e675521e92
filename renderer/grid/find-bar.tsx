import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react'
import type { FoundCell } from '../../shared/contract/look.contract.ts'
import { problemOf } from '../api/problem-of.ts'
import { IconButton, Segmented } from '../ui/button.tsx'
import { formatCount } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'
import { useRested } from '../ui/use-rested.ts'
import { useShortcut } from '../ui/use-shortcut.ts'
import type { FilterLookUp, FindRequest } from './filter-look-up.ts'
import type { GridQuery } from './grid-query.ts'

export type FindPlace = NonNullable<FindRequest['from']>

interface FindBarProps {
  lookUp: FilterLookUp
  query: GridQuery
  /** Shown, from left to right. */
  columns: readonly string[]
  /** Columns that cannot be searched. */
  masked: ReadonlySet<string>
  /** Of the cursor; null: it is nowhere. */
  place: () => FindPlace | null
  /** Brings the cell into sight and the cursor on it. */
  onFound: (cell: FindPlace) => void
  /** What is to be marked. */
  onMark: (find: { text: string; columns: readonly string[] } | null) => void
  onClose: () => void
}

function searchable(column: string | null, masked: ReadonlySet<string>): string | null {
  return column === null || masked.has(column) ? null : column
}

/** Looks for a text in the column of the cursor or in all: the engine searches every row, also those that were never here. */
export function FindBar(props: FindBarProps) {
  const { query, columns, onClose } = props
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [column] = useState(() => searchable(props.place()?.column ?? null, props.masked))
  const [scope, setScope] = useState<'column' | 'all'>('all')
  const searched = scope === 'column' && column !== null ? [column] : columns
  const { state, go } = useFind({ ...props, text, searched, keepFocus: () => field.current?.focus() })
  useEffect(() => field.current?.focus(), [])
  useShortcut('find.next', () => go(false))
  useShortcut('find.previous', () => go(true))
  useShortcut('find.open', () => field.current?.select())
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') go(event.shiftKey)
    else if (event.key === 'Escape') onClose()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className='grid-find' role='search' aria-label='Find in rows' onKeyDown={onKeyDown}>
      <span className='field sm grid-find-field'>
        <Icon name='search' size={12} />
        <input ref={field} type='text' aria-label='Find' placeholder={`${query.filter.length > 0 ? 'Find among the filtered rows' : 'Find'}${props.masked.size > 0 ? ', not in masked columns' : ''}`} value={text} spellCheck={false} autoComplete='off' onChange={(event) => setText(event.target.value)} />
      </span>
      <Segmented label='Where' value={scope} options={[{ value: 'all', label: 'All columns' }, { value: 'column', label: column ?? 'One column' }]} onChange={setScope} />
      <span className='t2 s12 grid-find-state' role='status'>{state}</span>
      <span className='grow' />
      <IconButton small variant='quiet' icon='up' iconSize={13} label='Previous' command='find.previous' onClick={() => go(true)} />
      <IconButton small variant='quiet' icon='down' iconSize={13} label='Next' command='find.next' onClick={() => go(false)} />
      <IconButton small variant='quiet' icon='close' iconSize={13} label='Close' shortcut='Esc' onClick={onClose} />
    </div>
  )
}

interface Finding extends FindBarProps {
  text: string
  searched: readonly string[]
  keepFocus: () => void
}

/** Begins to look when typing rests; each further step looks from where the cursor is. */
function useFind(finding: Finding): { state: string; go: (backward: boolean) => void } {
  const latest = useRef(finding)
  latest.current = finding
  const [state, setState] = useState('')
  const running = useRef<AbortController | null>(null)
  const look = useCallback(async (from: FindPlace | null, backward: boolean): Promise<void> => {
    const { lookUp, query, text, searched, onFound, keepFocus } = latest.current
    running.current?.abort()
    const abort = new AbortController()
    running.current = abort
    if (text === '') return setState('')
    setState('Looking')
    const hadFocus = document.activeElement?.closest('.grid-find') !== null
    try {
      const answer = await lookUp.find({ text, columns: searched, sort: query.sort, filter: query.filter, from, backward, signal: abort.signal })
      if (abort.signal.aborted) return
      setState(stateWords(answer))
      if (answer.found !== null) onFound(answer.found)
      // The cursor takes the focus, and whoever types goes on typing.
      if (hadFocus) requestAnimationFrame(keepFocus)
    } catch (error) {
      if (!abort.signal.aborted) setState(problemOf(error).message)
    }
  }, [])
  const go = useCallback((backward: boolean) => void look(latest.current.place(), backward), [look])
  const rested = useRested(finding.text, 200)
  const searchedKey = finding.searched.join('\u0000')
  const queryKey = JSON.stringify([finding.query.sort, finding.query.filter])
  useEffect(() => {
    const { onMark, text, searched, place } = latest.current
    onMark(rested === '' ? null : { text: text.toLowerCase(), columns: searched })
    const at = place()
    // What is typed further may still be in the cell of the cursor.
    void look(at === null || at.column === null ? null : { row: at.row, column: null }, false)
  }, [rested, searchedKey, queryKey, look])
  useEffect(
    () => () => {
      running.current?.abort()
      latest.current.onMark(null)
    },
    [],
  )
  return { state, go }
}

function stateWords({ found, total }: FoundCell): string {
  return found === null ? 'Not found' : `${formatCount(found.index)} of ${total === 1 ? '1 cell' : `${formatCount(total)} cells`}`
}
