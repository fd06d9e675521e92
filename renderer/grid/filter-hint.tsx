import { StatusMark } from '../ui/status.tsx'

/** What is wrong with a text, and at which of its characters, from 0. */
export interface Mistake {
  readonly message: string
  readonly offset: number | null
}

interface FilterHintProps {
  id: string
  hint: string
  mistake: Mistake | null
  /** The text that the mistake is in. */
  text: string
}

/** What to write; in its place what is wrong with what was written. */
export function FilterHint({ id, hint, mistake, text }: FilterHintProps) {
  if (mistake === null) return <div id={id} className='field-hint'>{hint}</div>
  return (
    <>
      <div id={id} className='field-hint bad' role='alert'>
        <StatusMark status='failed' /><span>{mistake.message}</span>
      </div>
      {mistake.offset !== null && <FilterMistake text={text} offset={mistake.offset} />}
    </>
  )
}

const AROUND = 40

/** The text around a mistake with its place marked. */
function FilterMistake({ text, offset }: { text: string; offset: number }) {
  const from = Math.max(0, offset - AROUND)
  const end = Math.min(text.length, offset + AROUND)
  const [at = ''] = text.slice(offset)
  return (
    <pre className='filter-mistake' aria-label={`The mistake is at character ${offset + 1}`}>
      {from > 0 && '…'}
      {text.slice(from, offset)}
      <mark>{at === '' || at === '\n' ? ' ' : at}</mark>
      {at === '\n' && '\n'}
      {text.slice(offset + 1, end)}
      {end < text.length && '…'}
    </pre>
  )
}
