import type { CommandId } from './keys/commands.ts'
import { useKeyCaps } from './keys/key-bindings.ts'
import './kbd.css'

/** A key cap: "Ctrl K". */
export function Kbd({ children }: { children: string }) {
  return <kbd className='kbd'>{children}</kbd>
}

/** The keys of a command in a sentence. */
export function KeyName({ of }: { of: CommandId }) {
  return <>{useKeyCaps(of) ?? 'the keys that you give it in Settings'}</>
}
