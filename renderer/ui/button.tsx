import { Tooltip } from '@mantine/core'
import type { MouseEvent, ReactElement, ReactNode, Ref } from 'react'
import { Icon, type IconName } from './icon.tsx'
import { Kbd } from './kbd.tsx'
import type { CommandId } from './keys/commands.ts'
import { useKeyCaps } from './keys/key-bindings.ts'
import './button.css'

export type ButtonVariant = 'plain' | 'primary' | 'quiet' | 'danger' | 'danger-fill'

interface CommonProps {
  variant?: ButtonVariant
  /** 24 px instead of 28, for panels. */
  small?: boolean
  icon?: IconName
  iconSize?: number
}

interface ButtonProps extends CommonProps {
  children: ReactNode
  onClick?: (event: MouseEvent<HTMLButtonElement>) => void
  type?: 'button' | 'submit'
  /** Id of the form that a submit button outside of it belongs to. */
  form?: string
  /** Why it cannot be pressed now. The button stays focusable and says it. */
  disabledReason?: string | null | undefined
  pressed?: boolean
  /** Its name, where what it shows is not enough. */
  label?: string
  /** Fills its row, label at the left. */
  wide?: boolean
  /** Shown on hover; for a disabled button the reason takes its place. */
  title?: string
  /** What its keys do as well: they are shown on hover. */
  command?: CommandId
  ref?: Ref<HTMLButtonElement>
  autoFocus?: boolean
}

/** Verb and object. One primary per region. */
export function Button(props: ButtonProps) {
  const { children, onClick, type = 'button', form, disabledReason, pressed, wide = false, title, command, label, ref, autoFocus } = props
  const caps = useKeyCaps(command)
  const disabled = typeof disabledReason === 'string'
  const button = (
    <button
      ref={ref}
      type={type}
      form={form}
      className={`${buttonClass(props)}${wide ? ' wide' : ''}`}
      aria-label={label}
      aria-disabled={disabled || undefined}
      aria-pressed={pressed}
      data-autofocus={autoFocus || undefined}
      onClick={(event) => {
        if (disabled) event.preventDefault()
        else onClick?.(event)
      }}
    >
      {props.icon !== undefined && <Icon name={props.icon} size={props.iconSize ?? 14} />}
      {children}
    </button>
  )
  const hint = disabled ? disabledReason : title
  const keys = disabled ? undefined : caps
  return hint === undefined && keys === undefined ? button : <Hint text={hint} shortcut={keys}>{button}</Hint>
}

interface IconButtonProps extends CommonProps {
  icon: IconName
  /** What it does; read aloud and shown on hover. */
  label: string
  /** What its keys do as well. */
  command?: CommandId
  /** Keys that nobody can change, as written on caps: "Esc". */
  shortcut?: string
  onClick?: (event: MouseEvent<HTMLButtonElement>) => void
  disabledReason?: string | null | undefined
  pressed?: boolean
  ref?: Ref<HTMLButtonElement>
}

/** Icon alone: must have a name, and shows it with its key. */
export function IconButton(props: IconButtonProps) {
  const { icon, iconSize, label, command, shortcut, onClick, disabledReason, pressed, ref } = props
  const caps = useKeyCaps(command)
  const disabled = typeof disabledReason === 'string'
  return (
    <Hint text={disabled ? disabledReason : label} shortcut={shortcut ?? caps}>
      <button
        ref={ref}
        type='button'
        className={`${buttonClass(props)} icon-only`}
        aria-label={label}
        aria-disabled={disabled || undefined}
        aria-pressed={pressed}
        onClick={(event) => {
          if (!disabled) onClick?.(event)
        }}
      >
        <Icon name={icon} size={iconSize ?? 15} />
      </button>
    </Hint>
  )
}

interface LinkButtonProps extends CommonProps {
  href: string
  children: ReactNode
}

/** Looks like a button, goes to an address: can be opened elsewhere and copied. */
export function LinkButton(props: LinkButtonProps) {
  return (
    <a className={buttonClass(props)} href={props.href}>
      {props.icon !== undefined && <Icon name={props.icon} size={props.iconSize ?? 14} />}
      {props.children}
    </a>
  )
}

/** Buttons of which one is pressed; `label` names the choice. */
export function Segmented<T extends string>(props: { label: string; value: T; options: readonly { value: T; label: ReactNode }[]; onChange: (value: T) => void }) {
  return (
    <div className='seg' role='group' aria-label={props.label}>
      {props.options.map((option) => (
        <button key={option.value} type='button' className='btn sm' aria-pressed={option.value === props.value} onClick={() => props.onChange(option.value)}>
          {option.label}
        </button>
      ))}
    </div>
  )
}

/** Text on hover and focus, after a moment; with the key that does the same. */
export function Hint({ text, shortcut, children }: { text: ReactNode | undefined; shortcut?: string | undefined; children: ReactElement }) {
  const label = shortcut === undefined ? text : <span className='row row-4'>{text} <Kbd>{shortcut}</Kbd></span>
  return (
    <Tooltip label={label} openDelay={400} events={{ hover: true, focus: true, touch: false }} transitionProps={{ duration: 0 }}>
      {children}
    </Tooltip>
  )
}

function buttonClass({ variant = 'plain', small = false }: CommonProps): string {
  return `btn${variant === 'plain' ? '' : ` ${variant}`}${small ? ' sm' : ''}`
}
