import { type KeyboardEvent, type ReactNode, useId } from 'react'
import { Icon, type IconName } from './icon.tsx'
import { StatusMark } from './status.tsx'
import './field.css'

interface SearchFieldProps {
  /** Name, and placeholder where there is no other. */
  label: string
  placeholder?: string
  value: string
  onChange: (value: string) => void
  width?: number | string
  icon?: IconName
  small?: boolean
  /** The list that what is typed opens, and the option in it that Enter takes. */
  combobox?: { listId: string; isOpen: boolean; activeId: string | undefined; onKeyDown: (event: KeyboardEvent) => void }
}

/** A text that narrows what is shown; Esc empties it. */
export function SearchField({ label, placeholder = label, value, onChange, width, icon = 'search', small = false, combobox }: SearchFieldProps) {
  return (
    <span className={`field${small ? ' sm' : ''}`} style={width === undefined ? undefined : { width }}>
      <Icon name={icon} size={12} />
      <input
        type='text'
        aria-label={label}
        placeholder={placeholder}
        value={value}
        spellCheck={false}
        autoComplete='off'
        onChange={(event) => onChange(event.target.value)}
        {...(combobox === undefined ? {} : { role: 'combobox', 'aria-expanded': combobox.isOpen, 'aria-controls': combobox.listId, 'aria-activedescendant': combobox.activeId, 'aria-autocomplete': 'list' as const })}
        onKeyDown={(event) => {
          combobox?.onKeyDown(event)
          if (event.isPropagationStopped() || event.key !== 'Escape' || value === '') return
          event.stopPropagation()
          onChange('')
        }}
      />
      {value !== '' && (
        <button type='button' className='field-clear' aria-label={`Clear: ${label}`} onClick={() => onChange('')}>
          <Icon name='close' size={12} />
        </button>
      )}
    </span>
  )
}

interface SelectFieldProps<T extends string> {
  /** Name for those who hear it. */
  label: string
  value: T
  options: readonly { value: T; label: string }[]
  onChange: (value: T) => void
  width?: number | string
  small?: boolean
  id?: string
}

/** The platform's own list: keyboard, type-ahead and touch come with it. */
export function SelectField<T extends string>({ label, value, options, onChange, width, small = false, id }: SelectFieldProps<T>) {
  return (
    <span className={`field${small ? ' sm' : ''}`} style={width === undefined ? undefined : { width }}>
      <select
        id={id}
        aria-label={label}
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value)
          if (chosen !== undefined) onChange(chosen.value)
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>{option.label}</option>
        ))}
      </select>
      <Icon name='down' size={12} />
    </span>
  )
}

interface LabelledProps {
  label: string
  hint?: ReactNode
  /** Replaces the hint. */
  error?: string | null
  /** Gets the id to put on the control, and the id of the hint for aria-describedby. */
  children: (ids: { id: string; describedBy: string }) => ReactNode
}

/** Label above, hint below; an error takes the hint's place. */
export function Labelled({ label, hint, error = null, children }: LabelledProps) {
  const id = useId()
  const describedBy = `${id}-hint`
  return (
    <div>
      <label className='label' htmlFor={id}>{label}</label>
      {children({ id, describedBy })}
      {error === null ? (
        <div className='field-hint' id={describedBy}>{hint}</div>
      ) : (
        <div className='field-hint bad' id={describedBy} role='alert'>
          <StatusMark status='failed' />
          <span>{error}</span>
        </div>
      )}
    </div>
  )
}

interface NameFieldProps extends Omit<LabelledProps, 'children'> {
  value: string
  maxLength: number
  onChange: (name: string) => void
}

/** The first thing a dialog asks for: what something is to be called. */
export function NameField({ value, maxLength, onChange, ...labelled }: NameFieldProps) {
  const isWrong = (labelled.error ?? null) !== null
  return (
    <Labelled {...labelled}>
      {({ id, describedBy }) => (
        <span className={`field${isWrong ? ' bad' : ''}`} style={{ width: '100%' }}>
          <input id={id} type='text' aria-describedby={describedBy} aria-invalid={isWrong} data-autofocus value={value} maxLength={maxLength} spellCheck={false} autoComplete='off' onChange={(event) => onChange(event.target.value)} />
        </span>
      )}
    </Labelled>
  )
}
