import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { PanelHead } from '../../ui/bars.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { COMMAND_GROUPS, COMMAND_IDS, type CommandGroup, type CommandId, COMMANDS } from '../../ui/keys/commands.ts'
import { conflictsOf, giveKeys, isMac, keysFor, removeKeys, resetAllKeys, resetKeys, useKeyBindings } from '../../ui/keys/key-bindings.ts'
import { capsOf, keysOf, keysProblem } from '../../ui/keys/key-text.ts'

/** Every command with its keys, which can be changed by pressing others. */
export function KeysPanel() {
  const own = useKeyBindings()
  const changed = Object.keys(own).length
  return (
    <>
      <PanelHead title='Keys' remark='yours, in every workspace on this machine'>
        <Button small variant='quiet' onClick={resetAllKeys} disabledReason={changed === 0 ? 'All keys are as they were' : null}>Reset all</Button>
      </PanelHead>
      {Object.entries(COMMAND_GROUPS).map(([group, name]) => (
        <section key={group} className='block' aria-label={`Keys: ${name}`}>
          <h3>{name}</h3>
          <ul className='key-rows'>
            {COMMAND_IDS.filter((id) => COMMANDS[id].group === (group as CommandGroup)).map((id) => <KeyRow key={id} id={id} isOwn={own[id] !== undefined} />)}
          </ul>
        </section>
      ))}
    </>
  )
}

function KeyRow({ id, isOwn }: { id: CommandId; isOwn: boolean }) {
  const [capturing, setCapturing] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const { does } = COMMANDS[id]
  const keys = keysFor(id, useKeyBindings())
  const stop = (): void => {
    setCapturing(false)
    requestAnimationFrame(() => button.current?.focus())
  }
  return (
    <li>
      <span className='grow'>{does}</span>
      {capturing ? (
        <KeyCapture id={id} onDone={stop} />
      ) : (
        <>
          {keys.length === 0 ? <span className='t3 s12'>no keys</span> : keys.map((key) => <Kbd key={key}>{capsOf(key, isMac())}</Kbd>)}
          {isOwn && <IconButton small variant='quiet' icon='retry' iconSize={12} label={`Reset the keys of: ${does}`} onClick={() => resetKeys(id)} />}
          {keys.length > 0 && <IconButton small variant='quiet' icon='close' iconSize={12} label={`No keys for: ${does}`} onClick={() => removeKeys(id)} />}
          <Button small variant='quiet' ref={button} label={`Change the keys of: ${does}`} onClick={() => setCapturing(true)}>Change</Button>
        </>
      )}
    </li>
  )
}

/** Takes the next keys that are pressed. Esc keeps those there are. */
function KeyCapture({ id, onDone }: { id: CommandId; onDone: () => void }) {
  const [pressed, setPressed] = useState<string | null>(null)
  const box = useRef<HTMLButtonElement>(null)
  useEffect(() => box.current?.focus(), [])
  const problem = pressed === null ? null : keysProblem(pressed)
  const others = pressed === null ? [] : conflictsOf(id, pressed)
  const take = (keys: string): void => {
    giveKeys(id, keys)
    onDone()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const keys = keysOf(event.nativeEvent)
    // The focus may always leave, and a mistake may always be left alone.
    if (keys === 'tab' || keys === 'shift+tab') return
    event.preventDefault()
    event.stopPropagation()
    event.nativeEvent.stopImmediatePropagation()
    if (keys === 'escape') return onDone()
    if (keys === null) return
    if (keysProblem(keys) === null && conflictsOf(id, keys).length === 0) take(keys)
    else setPressed(keys)
  }
  return (
    <span className='key-capture'>
      <button type='button' className='key-capture-box' ref={box} onKeyDown={onKeyDown} aria-label={`Press the keys for: ${COMMANDS[id].does}. Esc keeps those there are.`}>
        {pressed === null ? 'Press the keys' : capsOf(pressed, isMac())}
      </button>
      <span role='status' className='s12'>
        {problem !== null && `${problem}: press others.`}
        {problem === null && others.length > 0 && `Now for "${others.map((other) => COMMANDS[other].does).join('", "')}".`}
      </span>
      {pressed !== null && problem === null && others.length > 0 && <Button small onClick={() => take(pressed)}>Take them</Button>}
      <Button small variant='quiet' onClick={onDone}>Keep</Button>
    </span>
  )
}
