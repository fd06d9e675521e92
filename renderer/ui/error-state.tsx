import type { ReactNode } from 'react'
import type { Problem } from '../../shared/domain/problem.ts'
import { Button } from './button.tsx'
import { StatusMark } from './status.tsx'
import './state.css'

interface ErrorStateProps {
  problem: Problem
  /** What it means here: what was not done, what stayed safe. Before the problem's own hint. */
  children?: ReactNode
  onRetry?: () => void
  actions?: ReactNode
  inline?: boolean
}

/** What happened (title), what to try (hint and buttons), where and which code (facts). */
export function ErrorState({ problem, children, onRetry, actions, inline = false }: ErrorStateProps) {
  return (
    <div className={`problem${inline ? ' inline' : ''}`} role='alert'>
      <StatusMark status='failed' size={16} />
      <div>
        <h2>{problem.message}</h2>
        {children !== undefined && <div className='hint s12'>{children}</div>}
        {problem.hint !== null && <p className='hint s12'>{problem.hint}</p>}
        <ProblemFacts problem={problem} />
        {(onRetry !== undefined || actions !== undefined) && (
          <div className='row'>
            {onRetry !== undefined && <Button small icon='retry' onClick={onRetry}>Try again</Button>}
            {actions}
          </div>
        )}
      </div>
    </div>
  )
}

/** The details line by line; a place in a file reads as one fact. */
export function ProblemFacts({ problem }: { problem: Problem }) {
  return (
    <dl className='kv'>
      {problemFacts(problem).map(([name, text]) => (
        <Fact key={name} name={name} text={text} />
      ))}
    </dl>
  )
}

function Fact({ name, text }: { name: string; text: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className='mono'>{text}</dd>
    </>
  )
}

const PLACE_KEYS = new Set(['file', 'line', 'column'])
/** For machines, or said elsewhere. */
const HIDDEN_KEYS = new Set(['errorClass', 'cause', 'stack', 'issues'])

/** Facts of a problem in reading order: where, its details, its code. */
export function problemFacts(problem: Problem): [string, string][] {
  const facts: [string, string][] = []
  const file = problem.details['file']
  if (typeof file === 'string') facts.push(['Where', placeText(file, problem.details['line'], problem.details['column'])])
  for (const [key, value] of Object.entries(problem.details)) {
    if (value === null || value === undefined || HIDDEN_KEYS.has(key) || (PLACE_KEYS.has(key) && typeof file === 'string')) continue
    facts.push([factName(key), typeof value === 'string' ? value : JSON.stringify(value)])
  }
  facts.push(['Code', problem.code])
  return facts
}

/** `pipelines/drugs/pipeline.yaml, line 12, column 3`. */
export function placeText(file: string, line: unknown, column: unknown): string {
  const parts = [file]
  if (typeof line === 'number') parts.push(`line ${line}`)
  if (typeof line === 'number' && typeof column === 'number') parts.push(`column ${column}`)
  return parts.join(', ')
}

/** "sourceFile" → "Source file". */
function factName(key: string): string {
  const words = key.replaceAll(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' ').toLowerCase()
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}
