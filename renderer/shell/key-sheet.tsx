import { goTo, settingsAddress } from '../ui/addresses.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { COMMAND_GROUPS, COMMAND_IDS, COMMANDS, FIXED_KEYS } from '../ui/keys/commands.ts'
import { isMac, keysFor, useKeyBindings } from '../ui/keys/key-bindings.ts'
import { capsOf } from '../ui/keys/key-text.ts'
import './key-sheet.css'

/** All keys as they are now, by place. */
export function KeySheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const own = useKeyBindings()
  if (!open) return null
  const change = (): void => {
    onClose()
    goTo(settingsAddress)
  }
  return (
    <Dialog open onClose={onClose} title='Keys' widest actions={<><Button onClick={change}>Change keys</Button><Button variant='primary' onClick={onClose}>Close</Button></>}>
      <div className='key-sheet' tabIndex={0} role='group' aria-label='Keys by place'>
        <div>
          {Object.entries(COMMAND_GROUPS).map(([group, name]) => (
            <KeyGroup key={group} name={name} keys={COMMAND_IDS.filter((id) => COMMANDS[id].group === group).map((id) => [keysFor(id, own).map((keys) => capsOf(keys, isMac())), COMMANDS[id].does])} />
          ))}
          <KeyGroup name='Lists, grids, editors and dialogs' keys={FIXED_KEYS.map(([keys, does]) => [[keys], does])} />
        </div>
      </div>
    </Dialog>
  )
}

function KeyGroup({ name, keys }: { name: string; keys: readonly (readonly [caps: readonly string[], does: string])[] }) {
  return (
    <section aria-label={name}>
      <h3>{name}</h3>
      <dl>
        {keys.map(([caps, does]) => (
          <div key={does}>
            <dt>{does}</dt>
            <dd>{caps.length === 0 ? <span className='t3'>none</span> : caps.map((cap) => <Kbd key={cap}>{cap}</Kbd>)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
