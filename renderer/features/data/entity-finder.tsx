import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import type { EntityMatch } from '../../../shared/contract/entities.contract.ts'
import { problemOf } from '../../api/problem-of.ts'
import { type EntityFindings, SEARCH_REST_MS, useEntitySearch } from '../../api/use-entity-search.ts'
import { SearchField } from '../../ui/field.tsx'
import { countOf } from '../../ui/format.ts'
import { useRested } from '../../ui/use-rested.ts'
import './entity-finder.css'

interface EntityFinderProps {
  entityId: string
  /** What it goes by, for the empty field. */
  hint: string
  onChoose: (entityId: string) => void
}

const SHOWN = 12

/** A field over all entities: by key, identifier or label. Enter without a choice takes the text as it is. */
export function EntityFinder({ entityId, hint, onChoose }: EntityFinderProps) {
  const [text, setText] = useState(entityId)
  const [at, setAt] = useState(-1)
  const [isOpen, setOpen] = useState(false)
  const field = useRef<HTMLDivElement>(null)
  const id = useId()
  useEffect(() => setText(entityId), [entityId])
  const rested = useRested(text, SEARCH_REST_MS)
  const findings = useEntitySearch(isOpen ? rested : '', SHOWN)
  const matches = findings.found?.matches ?? []
  const choose = (chosen: string): void => {
    setOpen(false)
    setAt(-1)
    setText(chosen)
    if (chosen !== '') onChoose(chosen)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && matches.length > 0) {
      event.preventDefault()
      setOpen(true)
      setAt((now) => (now + step + matches.length + (now < 0 && step < 0 ? 1 : 0)) % matches.length)
    }
    if (event.key === 'Enter') {
      event.preventDefault()
      choose(matches[at]?.entityId ?? text.trim())
    }
    if (event.key === 'Escape' && isOpen) {
      event.stopPropagation()
      setOpen(false)
    }
  }
  return (
    <div className='entity-finder' ref={field} onBlur={(event) => !field.current?.contains(event.relatedTarget) && setOpen(false)}>
      <SearchField
        small
        label='Find an entity'
        placeholder={hint}
        value={text}
        width={360}
        onChange={(value) => {
          setText(value)
          setAt(-1)
          setOpen(true)
        }}
        combobox={{ listId: `${id}-list`, isOpen: isOpen && text.trim() !== '', activeId: at < 0 ? undefined : `${id}-${at}`, onKeyDown }}
      />
      {isOpen && text.trim() !== '' && (
        <div className='entity-found'>
          <div role='listbox' id={`${id}-list`} aria-label='Entities found'>
            {matches.map((match, index) => (
              <EntityOption key={match.entityId} match={match} id={`${id}-${index}`} selected={index === at} onChoose={choose} />
            ))}
          </div>
          <p className='entity-found-note' role='status'>{noteOf({ ...findings, isBehind: findings.isBehind || rested !== text }, text.trim())}</p>
        </div>
      )}
    </div>
  )
}

function EntityOption({ match, id, selected, onChoose }: { match: EntityMatch; id: string; selected: boolean; onChoose: (entityId: string) => void }) {
  const { entityId, label, by, dataTypes } = match
  return (
    <div className='entity-option' role='option' id={id} aria-selected={selected} onMouseDown={(event) => event.preventDefault()} onClick={() => onChoose(entityId)}>
      <span className='mono s12'>{entityId}</span>
      <span className='entity-option-label'>{label ?? ''}</span>
      <span className='t3 s12'>{by.kind === 'key' || by.value === label ? dataTypes.join(', ') : `${by.column} ${by.value}`}</span>
    </div>
  )
}

/** What is not in the list, and why. */
function noteOf({ found, error, isBehind }: EntityFindings, text: string): string {
  if (error !== null) return problemOf(error).message
  if (found === undefined) return ''
  const parts = [
    found.matches.length === 0 && !isBehind ? `Nothing is called like "${text}"` : '',
    found.isCut ? 'There are more: type on' : '',
    found.preparing.length === 0 ? '' : `Listing the names of ${countOf(found.preparing.length, 'dataset')} for the first time`,
    ...found.failed.map(({ dataset, message }) => `${dataset} cannot be searched: ${message}`),
  ]
  return parts.filter((part) => part !== '').join('. ')
}
