import { useEffect, useState } from 'react'

interface ReadingTextProps {
  label: string
  value: string
  onChange: (text: string) => void
  width: number
  placeholder?: string
  /** Why it cannot be so; null when it can. */
  problem?: string | null
}

/** A short text of the form: what is typed counts once the field is left, or Enter. */
export function ReadingText({ label, value, onChange, width, placeholder, problem = null }: ReadingTextProps) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const settle = (): void => {
    if (text !== value) onChange(text)
  }
  return (
    <label className='row row-4'>
      <span className='t2 s12 nw'>{label}</span>
      <span className={`field sm${problem === null ? '' : ' bad'}`} style={{ width }} title={problem ?? undefined}>
        <input
          type='text'
          value={text}
          placeholder={placeholder}
          spellCheck={false}
          autoComplete='off'
          aria-invalid={problem !== null || undefined}
          onChange={(event) => setText(event.target.value)}
          onBlur={settle}
          onKeyDown={(event) => {
            if (event.key === 'Enter') settle()
          }}
        />
      </span>
    </label>
  )
}
